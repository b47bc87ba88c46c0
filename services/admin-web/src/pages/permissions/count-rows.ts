/** How many rows of data a CSV has below its header: blank lines are none, and a quoted cell may go over lines. */
export function countRows(csv: string): number {
  let rows = 0
  let isQuoted = false
  let isBlank = true
  for (const character of csv) {
    if (character === '"') isQuoted = !isQuoted
    if (character === '\n' && !isQuoted) {
      if (!isBlank) rows += 1
      isBlank = true
    } else if (!/[\s,\uFEFF]/.test(character)) isBlank = false
  }
  if (!isBlank) rows += 1
  return Math.max(0, rows - 1)
}
