/**
 * One line of a CSV file (RFC 4180, as Excel reads it). A text that a spreadsheet would take for a formula gets an
 * apostrophe before it: whoever sends a text must not run anything on the machine of whoever opens the export
 * (OWASP, CSV Injection). Plain numbers stay as they are, +886912345678 among them.
 */
export function toCsvRow(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

/** What the cell of a file was before it was written: `'=1+1` was a text that begins with `=`. */
export function restoreCell(cell: string): string {
  return cell.startsWith("'") && isFormula(cell.slice(1)) ? cell.slice(1) : cell
}

/**
 * Half and full width, and what a spreadsheet skips before it looks. Apostrophes are skipped here too, so that a text
 * which has one already gets another, and comes back with its own.
 */
const FORMULA = /^['\s\u0000-\u001f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u
const LEADING_CONTROL = /^'*[\t\r\n]/
const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?$/

function toCell(cell: string | number | boolean | null): string {
  if (cell === null) return ''
  const text = neutralise(String(cell))
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function neutralise(text: string): string {
  return isFormula(text) ? `'${text}` : text
}

function isFormula(text: string): boolean {
  return (LEADING_CONTROL.test(text) || FORMULA.test(text)) && !PLAIN_NUMBER.test(text)
}
