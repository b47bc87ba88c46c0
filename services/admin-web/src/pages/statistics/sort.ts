import type { StatRow } from './series.ts'

export type StatColumn =
  | 'name'
  | 'total'
  | 'sent'
  | 'delivered'
  | 'failed'
  | 'success_rate'
  | 'segments'
  | 'cost'
  | 'p50'
  | 'p95'

/** What is not known comes last, whichever way. */
export function sortRows<T extends StatRow & { name: string }>(
  rows: readonly T[],
  column: StatColumn,
  direction: 'asc' | 'desc',
): T[] {
  const way = direction === 'asc' ? 1 : -1
  return rows.toSorted((a, b) => {
    const [one, other] = [valueOf(a, column), valueOf(b, column)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    if (typeof one === 'string' || typeof other === 'string') {
      return way * String(one).localeCompare(String(other), undefined, { numeric: true })
    }
    return way * (one - other)
  })
}

function valueOf(row: StatRow & { name: string }, column: StatColumn): string | number | null {
  switch (column) {
    case 'name':
      // Days and hours sort as they are in the API, not as they are written.
      return row.group['day'] ?? row.group['hour'] ?? row.name
    case 'cost':
      return Number(row.cost.amount)
    case 'p50':
    case 'p95':
      return row.delivery_seconds?.[column] ?? null
    case 'total':
    case 'sent':
    case 'delivered':
    case 'failed':
    case 'success_rate':
    case 'segments':
      return row[column]
  }
}
