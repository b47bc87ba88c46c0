import { describe, expect, test } from '@jest/globals'
import { MOST_BARS, otherOf, type StatRow, toPoints } from './series.ts'

function buildRow(group: StatRow['group'], row: Partial<StatRow> = {}): StatRow {
  return {
    group,
    total: 10,
    sent: 9,
    delivered: 7,
    failed: 2,
    success_rate: 0.7778,
    segments: 12,
    cost: { amount: '8.400', currency: 'TWD' },
    delivery_seconds: { p50: 1.5, p95: 4 },
    ...row,
  }
}

const RANGE = { from: '2026-01-30', to: '2026-02-02' }
const nameOf = ({ group }: StatRow) => Object.values(group).join('/')

describe('the points of a chart', () => {
  test('are each day of the range in order, those without messages too', () => {
    const rows = [buildRow({ day: '2026-02-01' }), buildRow({ day: '2026-01-30' })]
    const points = toPoints(rows, { by: 'day', measure: 'messages', ...RANGE }, nameOf)
    expect(points.map(({ label, delivered }) => [label, delivered])).toEqual([
      ['2026-01-30', 7],
      ['2026-01-31', 0],
      ['2026-02-01', 7],
      ['2026-02-02', 0],
    ])
    expect(points[1]).toMatchObject({ rate: null, p50: null, cost: 0 })
  })

  test('are the hours in order', () => {
    const rows = ['03', '01'].map((hour) => buildRow({ hour: `2026-02-01T${hour}:00:00Z` }))
    const points = toPoints(rows, { by: 'hour', measure: 'messages', ...RANGE }, nameOf)
    expect(points.map(({ label }) => label.slice(11, 13))).toEqual(['01', '03'])
  })

  test('are the largest of a group by what is shown', () => {
    const rows = Array.from({ length: 20 }, (_, index) =>
      buildRow(
        { customer_id: `c${index}` },
        { total: index, cost: { amount: String(100 - index), currency: 'TWD' } },
      ),
    )
    const by = { by: 'customer' as const, ...RANGE }
    const byCount = toPoints(rows, { ...by, measure: 'messages' }, nameOf)
    expect(byCount).toHaveLength(MOST_BARS)
    expect(byCount[0]?.label).toBe('c19')
    expect(toPoints(rows, { ...by, measure: 'cost' }, nameOf)[0]?.label).toBe('c0')
  })

  test('count as other what is neither delivered nor failed', () => {
    expect(otherOf(buildRow({}))).toBe(1)
    // Read between two counts.
    expect(otherOf(buildRow({}, { total: 8 }))).toBe(0)
  })
})
