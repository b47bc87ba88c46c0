/** One line of an IMSP reply. With two fields it is about the whole request, with three it has no id. */
export interface ReplyRow {
  to?: string
  code: string
  /** SubmitSM: the message id. QuerySM: the time it was done, or `null`. */
  third?: string
  description: string
}

const BODY = /<body[^>]*>([\s\S]*?)<\/body>/i
const BREAK = /<br\s*\/?>/i
const CODE = /^-?\d{1,3}$/

const utf8 = new TextDecoder('utf-8', { fatal: true })
const big5 = new TextDecoder('big5')

/**
 * Reads what IMSP calls HTML: with or without blanks around `|`, with or without a `<br>` after the last line, in
 * Big5 where it is not UTF-8. `undefined` when it is not a reply of IMSP.
 */
export function readReplyRows(body: Uint8Array): ReplyRow[] | undefined {
  const content = BODY.exec(decode(body))?.[1]
  if (content === undefined) return undefined
  const rows = content
    .split(BREAK)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(readRow)
  const readable = rows.filter((row) => row !== undefined)
  return readable.length > 0 && readable.length === rows.length ? readable : undefined
}

/** The line about our one recipient: the only one, or else the one with the number. */
export function findRow(rows: readonly ReplyRow[], to: string): ReplyRow | undefined {
  return rows.length === 1 ? rows[0] : rows.find((row) => row.to === to)
}

function readRow(line: string): ReplyRow | undefined {
  const [first = '', second = '', third, ...rest] = line.split('|').map((field) => field.trim())
  if (CODE.test(second)) {
    if (third === undefined) return undefined
    if (rest.length === 0) return { to: first, code: second, description: third }
    return { to: first, code: second, third, description: rest.join('|') }
  }
  const isGlobal = CODE.test(first) && line.includes('|')
  const words = [second, third, ...rest].filter((field) => field !== undefined)
  return isGlobal ? { code: first, description: words.join('|') } : undefined
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body)
  } catch {
    return big5.decode(body)
  }
}
