import { chooseDelimiter, readQuotedRecord } from './csv-record.ts'

export type CsvRecord =
  | { kind: 'fields'; row: number; fields: string[] }
  | { kind: 'broken'; row: number; reason: 'quote-not-closed' | 'quote-misplaced' | 'too-long' }

export interface CsvReader {
  /** The records that this piece completes. */
  push(text: string): CsvRecord[]
  /** What is left. */
  end(): CsvRecord[]
}

/** Of a record, in characters. A quote that is not closed within it is a mistake of this row alone. */
const MAX_RECORD = 16 * 1024

/**
 * Reads a CSV piece by piece, and never stops at a bad row: what a quote that nobody closes would swallow is read again
 * from the next line. Rows are counted as a spreadsheet does: the header is row 1, an empty one counts, and line breaks
 * within quotes do not. The delimiter is what the first line shows: a comma, a semicolon or a tab.
 */
export function createCsvReader(): CsvReader {
  let rest = ''
  let delimiter: string | undefined
  let row = 0
  let isSkipping = false

  const read = (isEnd: boolean): CsvRecord[] => {
    const records: CsvRecord[] = []
    let position = 0
    while (position < rest.length) {
      const newline = rest.indexOf('\n', position)
      if (newline === -1 && !isEnd) {
        if (rest.length - position <= MAX_RECORD) break
        if (!isSkipping) records.push({ kind: 'broken', row: ++row, reason: 'too-long' })
        isSkipping = true
        position = rest.length
        break
      }
      const end = newline === -1 ? rest.length : newline
      if (isSkipping) {
        isSkipping = false
        position = end + 1
        continue
      }
      const next = readAt(position, end, isEnd)
      if (!next) break
      if (next.record) records.push(next.record)
      position = next.end + 1
    }
    rest = rest.slice(position)
    return records
  }

  /** `undefined` where more text is needed to know. */
  const readAt = (
    position: number,
    end: number,
    isEnd: boolean,
  ): { record?: CsvRecord; end: number } | undefined => {
    const line = rest.slice(position, end)
    if (delimiter === undefined) {
      const named = /^sep=(.)$/.exec(line)?.[1]
      if (named === undefined) delimiter = chooseDelimiter(line)
      else {
        delimiter = named
        row += 1
        return { end }
      }
    }
    if (line.length > MAX_RECORD) {
      return { record: { kind: 'broken', row: ++row, reason: 'too-long' }, end }
    }
    if (!line.includes('"')) {
      row += 1
      const isEmpty = line.trim() === ''
      const fields = line.split(delimiter)
      return isEmpty ? { end } : { record: { kind: 'fields', row, fields }, end }
    }
    const quoted = readQuotedRecord(rest, position, { delimiter, limit: MAX_RECORD, isEnd })
    if (quoted.kind === 'open' && !isEnd && rest.length - position <= MAX_RECORD) return undefined
    row += 1
    if (quoted.kind === 'ok') {
      return { record: { kind: 'fields', row, fields: quoted.fields }, end: quoted.end }
    }
    const reason = quoted.kind === 'open' ? 'quote-not-closed' : 'quote-misplaced'
    return { record: { kind: 'broken', row, reason }, end }
  }

  let heldReturn = false
  return {
    push(text) {
      // The two halves of a line break may come in two pieces.
      const whole = heldReturn ? `\r${text}` : text
      heldReturn = whole.endsWith('\r')
      rest += (heldReturn ? whole.slice(0, -1) : whole).replace(/\r\n?/g, '\n')
      return read(false)
    },
    end() {
      return read(true)
    },
  }
}
