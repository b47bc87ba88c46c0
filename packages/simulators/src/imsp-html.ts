import type { Script } from './script.ts'
import type { Reply } from './simulator-server.ts'

/** One line of a reply, its fields without the bars. */
export type ImspRow = readonly string[]

/** `real` is what was captured from the server, `manual` what the manual prints. */
export function toImspReply(rows: readonly ImspRow[], html: Script['html']): Reply {
  const body =
    html === 'real'
      ? `<html>\n<header>\n</header>\n<body>\n${toRealLines(rows)}</body>\n</html>\n`
      : `<body> ${rows.map((fields) => fields.join(' | ')).join(' <br> ')} </body>`
  return { status: 200, type: 'text/html', body }
}

function toRealLines(rows: readonly ImspRow[]): string {
  return rows.map((fields) => `${fields.join('|')}<br>\n`).join('')
}
