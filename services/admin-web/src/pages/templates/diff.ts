export interface DiffPart {
  kind: 'same' | 'removed' | 'added'
  text: string
}

/** A placeholder, a word, a run of blanks, or one character, as Chinese has no blanks. */
const TOKEN = /\{[^{}]*\}|[A-Za-z0-9_]+|\s+|./gsu

/**
 * What was taken out of a text and put into it, word by word. The longest common part is found by the table of its
 * lengths, which templates of 2,000 characters can afford.
 */
export function diffTexts(before: string, after: string): DiffPart[] {
  const a = before.match(TOKEN) ?? []
  const b = after.match(TOKEN) ?? []
  const lengths = commonLengths(a, b)
  const lengthAt = (i: number, j: number) => lengths[i]?.[j] ?? 0
  const parts: DiffPart[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const [gone = '', come = ''] = [a[i], b[j]]
    if (i < a.length && j < b.length && gone === come) {
      push(parts, 'same', gone)
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      push(parts, 'removed', gone)
      i += 1
    } else {
      push(parts, 'added', come)
      j += 1
    }
  }
  return parts
}

/** At `[i][j]`: of what begins there. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row, below] = [rows[i], rows[i + 1]]
    if (!row || !below) continue
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const same = a[i] === b[j]
      row[j] = same ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return rows
}

function push(parts: DiffPart[], kind: DiffPart['kind'], text: string): void {
  const last = parts.at(-1)
  if (last?.kind === kind) last.text += text
  else parts.push({ kind, text })
}
