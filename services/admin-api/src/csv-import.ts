import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import type { ImportResponse } from '@sms-gateway/contracts/opt-outs'
import { restoreCell } from '@sms-gateway/domain/csv-row'
import { parsePhone, type Phone } from '@sms-gateway/domain/phone'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import { type CsvRow, readCsvRows, requireCsv } from './csv-rows.ts'

export interface CsvImport<Schema extends z.ZodType<{ phone: string }>> {
  columns: readonly string[]
  schema: Schema
  /** Commits the rows; false for one that says nothing new. */
  store: (rows: readonly Imported<Schema>[]) => Promise<boolean[]>
}

export type Imported<Schema extends z.ZodType> = Omit<z.output<Schema>, 'phone'> & { phone: Phone }

const CHUNK = 500
const MAX_REJECTS = 1_000

/**
 * Reads a file as it comes, and commits it in chunks: bad rows are told and spoil no other. A file that breaks off has
 * its first part imported, and may be sent again: what is there already changes nothing.
 */
export async function importCsv<Schema extends z.ZodType<{ phone: string }>>(
  req: IncomingMessage,
  { columns, schema, store }: CsvImport<Schema>,
): Promise<ImportResponse> {
  requireCsv(req)
  const answer = { rows: 0, imported: 0, unchanged: 0, rejected: 0 }
  const rejects: ImportResponse['rejects'] = []
  let header: Header | undefined
  let chunk: Imported<Schema>[] = []
  const flush = async () => {
    const outcomes = await store(chunk)
    const imported = outcomes.filter(Boolean).length
    answer.imported += imported
    answer.unchanged += outcomes.length - imported
    chunk = []
  }
  for await (const row of readCsvRows(req)) {
    if (!header) {
      header = readHeader(row, columns)
      continue
    }
    answer.rows += 1
    const read = readRow(row, header, schema)
    if (read.kind === 'ok') chunk.push(read.value)
    else {
      answer.rejected += 1
      if (rejects.length < MAX_REJECTS) rejects.push({ row: row.row, ...read.reject })
    }
    if (chunk.length >= CHUNK) await flush()
  }
  if (!header) throw noHeader()
  if (chunk.length > 0) await flush()
  return { ...answer, rejects, ignored_columns: header.ignored }
}

interface Header {
  /** Where each column stands. */
  places: ReadonlyMap<string, number>
  ignored: string[]
}

const MAX_NAME = 50

function readHeader(row: CsvRow, columns: readonly string[]): Header {
  const names = 'cells' in row ? row.cells.map((cell) => cell.trim().toLowerCase()) : []
  if (!names.includes('phone')) throw noHeader()
  const known = columns.filter((column) => names.includes(column))
  return {
    places: new Map(known.map((column) => [column, names.indexOf(column)])),
    ignored: names.filter((name) => !columns.includes(name)).map((name) => name.slice(0, MAX_NAME)),
  }
}

function noHeader(): HttpProblem {
  const detail = 'The first row must name the columns, phone among them, with commas between.'
  return new HttpProblem('invalid-request', detail)
}

type Reading<T> =
  { kind: 'ok'; value: T } | { kind: 'rejected'; reject: { code: string; detail: string } }

function readRow<Schema extends z.ZodType<{ phone: string }>>(
  row: CsvRow,
  { places }: Header,
  schema: Schema,
): Reading<Imported<Schema>> {
  if ('unreadable' in row) return reject('row-unreadable', row.unreadable)
  const cells = [...places].flatMap(([column, place]) => {
    const cell = restoreCell(row.cells[place] ?? '')
    return cell.trim() === '' ? [] : [[column, cell] as const]
  })
  const parsed = schema.safeParse(Object.fromEntries(cells))
  if (!parsed.success) return reject('row-invalid', explain(parsed.error))
  const phone = parsePhone(parsed.data.phone, 'any')
  if (phone.kind === 'refused') return reject(phone.code, phone.detail)
  return { kind: 'ok', value: { ...parsed.data, phone: phone.phone } }
}

function reject<T>(code: string, detail: string): Reading<T> {
  return { kind: 'rejected', reject: { code, detail } }
}

/** The schemas' messages name the expected form, never the value. */
function explain({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
}
