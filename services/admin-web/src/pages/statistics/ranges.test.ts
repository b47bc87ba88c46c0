import { describe, expect, test } from '@jest/globals'
import { addDays, daysOf, isDay, presetOf, rangeOf, todayOf } from './ranges.ts'

describe('the dates of the statistics', () => {
  test.each([
    ['today', '2026-03-01', '2026-03-01'],
    ['week', '2026-02-23', '2026-03-01'],
    ['days30', '2026-01-31', '2026-03-01'],
    ['month', '2026-03-01', '2026-03-01'],
    ['lastMonth', '2026-02-01', '2026-02-28'],
  ] as const)('%s is from %s to %s', (preset, from, to) => {
    expect(rangeOf(preset, '2026-03-01')).toEqual({ from, to })
  })

  test('names the preset that dates are, and none of others', () => {
    expect(presetOf({ from: '2026-02-23', to: '2026-03-01' }, '2026-03-01')).toBe('week')
    expect(presetOf({ from: '2026-02-22', to: '2026-03-01' }, '2026-03-01')).toBeNull()
  })

  test('takes today from the clock of the reader', () => {
    expect(todayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  })

  test('goes over the ends of months and leap years', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  })

  test.each(['2026-02-29', '2026-13-01', '2026-1-1', 'today', '', null])('%p is no day', (text) => {
    expect(isDay(text)).toBe(false)
  })

  test('lists each day of a range, and stops at a limit', () => {
    expect(daysOf({ from: '2026-02-27', to: '2026-03-01' })).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
    ])
    expect(daysOf({ from: '2000-01-01', to: '2026-01-01' }, 5)).toHaveLength(5)
    expect(daysOf({ from: '2026-01-02', to: '2026-01-01' })).toEqual([])
  })
})
