const DELIMITERS = [',', ';', '\t'] as const

/** The one that stands most often in the first line, outside of quotes. */
export function chooseDelimiter(line: string): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '')
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length)
  const most = Math.max(...counts)
  return DELIMITERS[counts.indexOf(most)] ?? ','
}

export type QuotedRecord =
  | { kind: 'ok'; fields: string[]; end: number }
  /** The text ends within it, or a quote is open after `limit` characters. */
  | { kind: 'open' }
  /** Something other than a delimiter follows a closing quote. */
  | { kind: 'misplaced' }

export interface QuotedOptions {
  delimiter: string
  limit: number
  /** Nothing comes behind this text: its end closes a record as a line break does. */
  isEnd: boolean
}

/** A record that has quotes, from `start` on; its `end` is its line break, or the end of the text. */
export function readQuotedRecord(
  text: string,
  start: number,
  { delimiter, limit, isEnd }: QuotedOptions,
): QuotedRecord {
  const fields: string[] = []
  let position = start
  for (;;) {
    const field =
      text[position] === '"'
        ? readQuotedField(text, position, delimiter, start + limit)
        : readBareField(text, position, delimiter)
    if (typeof field === 'string') return { kind: field }
    // A quote at the very end may be the first of two.
    if (field.end === text.length && !isEnd) return { kind: 'open' }
    fields.push(field.value)
    if (text[field.end] !== delimiter) return { kind: 'ok', fields, end: field.end }
    position = field.end + 1
  }
}

interface Field {
  value: string
  end: number
}

function readBareField(text: string, start: number, delimiter: string): Field {
  const lineEnd = endOf(text, '\n', start)
  const end = Math.min(endOf(text, delimiter, start), lineEnd)
  return { value: text.slice(start, end), end }
}

function readQuotedField(
  text: string,
  start: number,
  delimiter: string,
  limit: number,
): Field | 'open' | 'misplaced' {
  let value = ''
  let from = start + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote === -1 || quote > limit) return 'open'
    value += text.slice(from, quote)
    if (text[quote + 1] !== '"') return closeField(text, value, quote + 1, delimiter)
    value += '"'
    from = quote + 2
  }
}

/** Blanks between the closing quote and the delimiter are nobody's. */
function closeField(
  text: string,
  value: string,
  from: number,
  delimiter: string,
): Field | 'misplaced' {
  let end = from
  while (text[end] === ' ') end += 1
  const next = text[end]
  return next === undefined || next === '\n' || next === delimiter ? { value, end } : 'misplaced'
}

function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from)
  return found === -1 ? text.length : found
}
