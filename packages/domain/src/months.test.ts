import { describe, expect, test } from '@jest/globals'
import { firstMonthKept, monthOf, monthsRound, readMonth } from './months.ts'

describe('months', () => {
  test.each([
    ['2026-01-31T23:59:59.999Z', ['2025_12', '2026_01', '2026_02', '2026_03', '2026_04']],
    ['2026-11-01T00:00:00.000Z', ['2026_10', '2026_11', '2026_12', '2027_01', '2027_02']],
    ['2026-12-31T23:59:59.999Z', ['2026_11', '2026_12', '2027_01', '2027_02', '2027_03']],
    ['2028-02-29T12:00:00.000Z', ['2028_01', '2028_02', '2028_03', '2028_04', '2028_05']],
  ])('round %s are %j, without a gap', (now, expected) => {
    const months = monthsRound(new Date(now))
    expect(months.map(({ suffix }) => suffix)).toEqual(expected)
    for (const [index, { from }] of months.entries()) {
      if (index > 0) expect(from).toEqual(months[index - 1]?.to)
    }
  })

  test('are read from the names of their tables, and from nothing else', () => {
    const month = monthOf(new Date('2026-12-24T00:00:00Z'))
    expect(readMonth('2026_12')).toEqual(month)
    for (const name of ['default', '2026_1', '2026_12_x', 'message_2026_12']) {
      expect(readMonth(name)).toBeUndefined()
    }
  })

  test.each([
    ['2027-01-01T00:00:00.000Z', 365, '2026_01'],
    ['2027-01-31T23:59:59.999Z', 365, '2026_01'],
    ['2027-02-01T00:00:00.000Z', 365, '2026_02'],
    ['2026-12-31T23:59:59.999Z', 365, '2025_12'],
    ['2026-03-31T23:59:59.999Z', 31, '2026_02'],
    ['2026-01-31T23:59:59.999Z', 31, '2025_12'],
  ])('at %s with %i days %s is the first that is kept', (now, days, suffix) => {
    expect(firstMonthKept(new Date(now), days).suffix).toBe(suffix)
  })

  test('with the fewest days that may be set, last month is always kept', () => {
    for (let day = 0; day < 800; day++) {
      const now = new Date(Date.UTC(2027, 0, 1 + day, 23, 59, 59, 999))
      expect(firstMonthKept(now, 31).from.getTime()).toBeLessThanOrEqual(
        monthOf(now, -1).from.getTime(),
      )
    }
  })
})
