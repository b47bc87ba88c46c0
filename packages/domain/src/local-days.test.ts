import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import { addDays, dayOf, isDay, spanOfDays } from './local-days.ts'

test.each([
  ['2026-02-28', true],
  ['2024-02-29', true],
  ['1970-01-01', true],
  ['9999-12-31', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['1969-12-31', false],
  ['0000-01-01', false],
  ['2026-2-1', false],
  ['2026-02-01T00:00', false],
  ['+002026-02-01', false],
  ['', false],
])('%s is a day: %s', (text, expected) => {
  expect(isDay(text)).toBe(expected)
})

describe('spanOfDays', () => {
  test.each<[string, string, [first: string, last: string], [from: string, before: string]]>([
    [
      'a day in Taipei',
      'Asia/Taipei',
      ['2026-03-01', '2026-03-01'],
      ['2026-02-28T16:00:00.000Z', '2026-03-01T16:00:00.000Z'],
    ],
    [
      'a month in Taipei',
      'Asia/Taipei',
      ['2026-02-01', '2026-02-28'],
      ['2026-01-31T16:00:00.000Z', '2026-02-28T16:00:00.000Z'],
    ],
    [
      'across the end of a year',
      'Asia/Taipei',
      ['2025-12-31', '2026-01-01'],
      ['2025-12-30T16:00:00.000Z', '2026-01-01T16:00:00.000Z'],
    ],
    [
      'a day of 23 hours',
      'Europe/Berlin',
      ['2026-03-29', '2026-03-29'],
      ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ],
    [
      'a day of 25 hours',
      'America/New_York',
      ['2026-11-01', '2026-11-01'],
      ['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ],
    [
      'a zone of half an hour',
      'Asia/Kolkata',
      ['2026-03-01', '2026-03-01'],
      ['2026-02-28T18:30:00.000Z', '2026-03-01T18:30:00.000Z'],
    ],
    [
      'a day without a midnight',
      'America/Santiago',
      ['2026-09-06', '2026-09-06'],
      ['2026-09-06T04:00:00.000Z', '2026-09-07T03:00:00.000Z'],
    ],
  ])('%s', (_what, zone, [first, last], expected) => {
    const { from, before } = spanOfDays(first, last, zone)
    expect([from.toISOString(), before.toISOString()]).toEqual(expected)
  })

  property.prop([
    fc.date({ min: new Date('2000-01-01'), max: new Date('2050-01-01'), noInvalidDate: true }),
    fc.constantFrom('Asia/Taipei', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'UTC'),
  ])('holds exactly the moments of its day', (at, zone) => {
    const day = dayOf(at, zone)
    const { from, before } = spanOfDays(day, day, zone)
    expect([from <= at, at < before]).toEqual([true, true])
    expect(dayOf(new Date(before.getTime() - 1), zone)).toBe(day)
    expect(dayOf(before, zone)).toBe(addDays(day, 1))
  })
})

test.each([
  ['2026-03-01', -1, '2026-02-28'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2026-03-01', -29, '2026-01-31'],
])('%s and %i days is %s', (day, days, other) => {
  expect(addDays(day, days)).toBe(other)
})
