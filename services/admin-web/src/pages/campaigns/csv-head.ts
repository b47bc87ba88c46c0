/** The first rows of a CSV file, so that its columns can be chosen before it is uploaded. */
export interface CsvHead {
  headers: readonly string[]
  rows: readonly (readonly string[])[]
}

/** So much of the file is read: the gateway reads the whole, this only offers its columns. */
export const HEAD_BYTES = 64 * 1024
const SHOWN_ROWS = 5
const DELIMITERS = [',', ';', '\t'] as const

/**
 * The text of the first bytes: UTF-16 by its mark, UTF-8 where every byte fits it, else Big5, as the gateway reads it.
 * What is cut in the middle of a character loses that character alone.
 */
export function decodeHead(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    // As part of a stream, because the last character may be cut.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return new TextDecoder('big5').decode(bytes, { stream: true })
  }
}

/** The header and some rows behind it; undefined where there is not even a header. */
export function readHead(text: string): CsvHead | undefined {
  const line = text.slice(0, text.search(/[\r\n]|$/))
  const records = readRecords(text, chooseDelimiter(line), SHOWN_ROWS + 1)
  const [headers, ...rows] = records
  if (!headers || headers.every((header) => header.trim() === '')) return undefined
  return { headers: headers.map((header) => header.trim()), rows }
}

/** The one that stands most often in the first line, outside of quotes. */
function chooseDelimiter(line: string): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '')
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

function readRecords(text: string, delimiter: string, limit: number): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let isQuoted = false
  const endRecord = () => {
    record.push(field)
    // A blank line is no row.
    if (record.some((each) => each.trim() !== '')) records.push(record)
    record = []
    field = ''
  }
  for (let at = 0; at < text.length && records.length < limit; at += 1) {
    const sign = text[at] ?? ''
    if (isQuoted) {
      if (sign !== '"') field += sign
      else if (text[at + 1] === '"') {
        field += sign
        at += 1
      } else isQuoted = false
    } else if (sign === '"' && field === '') isQuoted = true
    else if (sign === delimiter) {
      record.push(field)
      field = ''
    } else if (sign === '\n') endRecord()
    else if (sign !== '\r') field += sign
  }
  if (records.length < limit && (field !== '' || record.length > 0)) endRecord()
  return records
}
