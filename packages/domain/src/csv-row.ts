/**
 * One line of a CSV file (RFC 4180, as Excel reads it). A text that a spreadsheet would take for a formula gets an
 * apostrophe before it: whoever sends a text must not run anything on the machine of whoever opens the export
 * (OWASP, CSV Injection). Plain numbers stay as they are, +886912345678 among them.
 */
export function toCsvRow(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

/** Half and full width, and what a spreadsheet skips before it looks. */
const FORMULA = /^[\s\u0000-\u001f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u
const LEADING_CONTROL = /^[\t\r\n]/
const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?$/

function toCell(cell: string | number | boolean | null): string {
  if (cell === null) return ''
  const text = neutralise(String(cell))
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function neutralise(text: string): string {
  const isFormula = LEADING_CONTROL.test(text) || FORMULA.test(text)
  return isFormula && !PLAIN_NUMBER.test(text) ? `'${text}` : text
}
