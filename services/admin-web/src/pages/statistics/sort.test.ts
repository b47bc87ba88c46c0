import { describe, expect, test } from '@jest/globals'
import type { StatRow } from './series.ts'
import { sortRows } from './sort.ts'

function buildRow(name: string, row: Partial<StatRow> = {}): StatRow & { name: string } {
  return {
    name,
    group: { provider: name },
    total: 1,
    sent: 1,
    delivered: 1,
    failed: 0,
    success_rate: 1,
    segments: 1,
    cost: { amount: '1', currency: 'TWD' },
    delivery_seconds: null,
    ...row,
  }
}
const namesOf = (rows: { name: string }[]) => rows.map(({ name }) => name)

describe('the table of figures', () => {
  test('sorts money as numbers', () => {
    const rows = ['9.5', '10', '2'].map((amount) =>
      buildRow(amount, { cost: { amount, currency: 'TWD' } }),
    )
    expect(namesOf(sortRows(rows, 'cost', 'asc'))).toEqual(['2', '9.5', '10'])
    expect(namesOf(sortRows(rows, 'cost', 'desc'))).toEqual(['10', '9.5', '2'])
  })

  test.each(['asc', 'desc'] as const)('keeps what is not known at the end: %s', (direction) => {
    const rows = [buildRow('a'), buildRow('b', { delivery_seconds: { p50: 1, p95: 2 } })]
    expect(namesOf(sortRows(rows, 'p95', direction))).toEqual(['b', 'a'])
  })

  test('sorts days by their date, and names by their numbers', () => {
    const days = ['1 Feb', '31 Jan'].map((name, index) =>
      buildRow(name, { group: { day: ['2026-02-01', '2026-01-31'][index] ?? '' } }),
    )
    expect(namesOf(sortRows(days, 'name', 'asc'))).toEqual(['31 Jan', '1 Feb'])
    const names = ['c10', 'c2'].map((name) => buildRow(name))
    expect(namesOf(sortRows(names, 'name', 'asc'))).toEqual(['c2', 'c10'])
  })
})
