import type { Reject } from '@sms-gateway/db/campaign-loading'
import type { SourceRow } from './check-recipient.ts'
import { type Columns, readColumns } from './csv-columns.ts'
import { createCsvReader, type CsvRecord } from './csv-reader.ts'
import { readSheetPhone, readSheetValue } from './spreadsheet-values.ts'

/** The file as a whole cannot be used: its header lacks these. */
export class ColumnsMissingError extends Error {
  override readonly name = 'ColumnsMissingError'
  readonly columns: readonly string[]

  constructor(columns: readonly string[]) {
    super('the header lacks columns')
    this.columns = columns
  }
}

const BROKEN = {
  'quote-not-closed': 'A quotation mark in this row is never closed.',
  'quote-misplaced':
    'Something stands behind a closing quotation mark: write "" for one in a value.',
  'too-long': 'The row is longer than a row may be.',
}
const MAX_VALUE = 1_000
const MAX_CUSTOMER_ID = 100

/** Recipients of a CSV's text, in order; the first record is its header. Throws {@link ColumnsMissingError}. */
export async function* readCsvRows(
  texts: AsyncIterable<string>,
  columnMap: Readonly<Record<string, string>>,
): AsyncGenerator<(SourceRow | Reject)[]> {
  const reader = createCsvReader()
  let columns: Columns | undefined
  const toRows = (records: CsvRecord[]) => {
    const rows: (SourceRow | Reject)[] = []
    for (const record of records) {
      if (columns) rows.push(toRow(record, columns))
      else columns = readHeader(record, columnMap)
    }
    return rows
  }
  for await (const text of texts) yield toRows(reader.push(text))
  yield toRows(reader.end())
}

function readHeader(record: CsvRecord, columnMap: Readonly<Record<string, string>>): Columns {
  const headers = record.kind === 'fields' ? record.fields : []
  const result = readColumns(headers, columnMap)
  if (result.kind === 'missing') throw new ColumnsMissingError(result.names)
  return result.columns
}

function toRow(record: CsvRecord, columns: Columns): SourceRow | Reject {
  const { row } = record
  if (record.kind === 'broken') return malformed(row, BROKEN[record.reason])
  const { fields } = record
  if (fields.slice(columns.width).some((field) => field.trim() !== '')) {
    const detail = `The row has ${fields.length} values for ${columns.width} columns: put a value with the delimiter in it in quotation marks.`
    return malformed(row, detail)
  }
  if (fields.some(isUnreadable)) {
    return malformed(row, 'The row holds a character that cannot be read: save the file as UTF-8.')
  }
  return readFields(row, fields, columns)
}

function readFields(
  row: number,
  fields: readonly string[],
  { phone, customerId, data }: Columns,
): SourceRow | Reject {
  const number = readSheetPhone(fields[phone] ?? '')
  if (number.kind === 'rounded') {
    const detail =
      'A spreadsheet has rounded this number, its digits are lost: format the column as text, and export it again.'
    return { row, code: 'phone-invalid', detail }
  }
  const customer = customerId === undefined ? '' : readSheetValue(fields[customerId] ?? '')
  if (customer.length > MAX_CUSTOMER_ID) {
    return malformed(row, `customer_id has more than ${MAX_CUSTOMER_ID} characters.`)
  }
  const values = readValues(fields, data)
  if (values.some(([, value]) => value.length > MAX_VALUE)) {
    return malformed(row, `The value of a column has more than ${MAX_VALUE} characters.`)
  }
  return {
    row,
    phone: number.phone,
    customerId: customer === '' ? null : customer,
    data: Object.fromEntries(values),
  }
}

/** What was left empty is no value. */
function readValues(fields: readonly string[], data: Columns['data']): [string, string][] {
  return data
    .map(({ name, index }): [string, string] => [name, readSheetValue(fields[index] ?? '')])
    .filter(([, value]) => value !== '')
}

/**
 * U+FFFD is what a decoder puts where there was no character; of Big5 it makes private ones (U+E000 to U+F8FF), which no
 * handset shows either.
 */
const UNREADABLE = /[\0\ufffd\ue000-\uf8ff]/

function isUnreadable(field: string): boolean {
  return UNREADABLE.test(field)
}

function malformed(row: number, detail: string): Reject {
  return { row, code: 'row-malformed', detail }
}
