import { test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { isTimeZone, quietUntil, readQuietHours } from './quiet-hours.ts'
import { holdForQuiet } from './quiet-policy.ts'

const NIGHT = readQuietHours('21:00-08:00') ?? null
const NOON = readQuietHours('12:30-13:30') ?? null
const TAIPEI = 'Asia/Taipei'

function at(text: string, zone = TAIPEI): Date {
  return DateTime.fromISO(text, { zone }).toJSDate()
}

describe('reading quiet hours', () => {
  test.each([
    ['21:00-08:00', { startMinute: 1260, endMinute: 480 }],
    ['00:00-23:59', { startMinute: 0, endMinute: 1439 }],
    ['off', null],
    ['08:00-08:00', undefined],
    ['24:00-08:00', undefined],
    ['9:00-17:00', undefined],
    ['21:00', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(readQuietHours(text)).toEqual(expected)
  })
})

describe('quiet hours across midnight', () => {
  test.each([
    ['2026-11-22T20:59:59', undefined],
    ['2026-11-22T21:00:00', '2026-11-23T08:00:00'],
    ['2026-11-22T23:59:59', '2026-11-23T08:00:00'],
    ['2026-11-23T00:00:00', '2026-11-23T08:00:00'],
    ['2026-11-23T07:59:59', '2026-11-23T08:00:00'],
    ['2026-11-23T08:00:00', undefined],
  ])('at %s until %s', (now, until) => {
    expect(quietUntil(at(now), NIGHT, TAIPEI)).toEqual(until && at(until))
  })

  test('within a day, too', () => {
    expect(quietUntil(at('2026-11-22T12:30:00'), NOON, TAIPEI)).toEqual(at('2026-11-22T13:30:00'))
    expect(quietUntil(at('2026-11-22T13:30:00'), NOON, TAIPEI)).toBeUndefined()
  })
})

describe('where the clocks change', () => {
  const berlin = 'Europe/Berlin'
  test('the night in which an hour is missing ends by the clock on the wall', () => {
    const until = quietUntil(at('2026-03-28T23:00:00', berlin), NIGHT, berlin)
    expect(until).toEqual(at('2026-03-29T08:00:00', berlin))
    expect((until?.getTime() ?? 0) - at('2026-03-28T23:00:00', berlin).getTime()).toBe(
      8 * 3_600_000,
    )
  })

  test('the night in which an hour comes twice is an hour longer', () => {
    const until = quietUntil(at('2026-10-24T23:00:00', berlin), NIGHT, berlin)
    expect((until?.getTime() ?? 0) - at('2026-10-24T23:00:00', berlin).getTime()).toBe(
      10 * 3_600_000,
    )
  })

  test('an end that the clocks jump over is right after the jump', () => {
    const window = readQuietHours('01:00-02:30') ?? null
    const until = quietUntil(at('2026-03-29T01:30:00', berlin), window, berlin)
    expect(until?.toISOString()).toBe('2026-03-29T01:30:00.000Z')
    expect(quietUntil(until ?? new Date(0), window, berlin)).toBeUndefined()
  })

  test('an end that comes twice is the one that has not passed', () => {
    const window = readQuietHours('01:00-02:30') ?? null
    const secondHalfPastTwo = new Date('2026-10-25T01:29:00Z')
    const until = quietUntil(secondHalfPastTwo, window, berlin)
    expect(until?.getTime()).toBeGreaterThan(secondHalfPastTwo.getTime())
  })
})

const zones = ['Asia/Taipei', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC']
const minute = fc.integer({ min: 0, max: 1439 })
property.prop([
  fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
  fc.constantFrom(...zones),
  fc.tuple(minute, minute).filter(([startMinute, endMinute]) => startMinute !== endMinute),
])('an end is to come, within a day and a bit, and then it is not quiet', (now, zone, [s, e]) => {
  const window = { startMinute: s, endMinute: e }
  const until = quietUntil(now, window, zone)
  if (!until) return
  expect(until.getTime()).toBeGreaterThan(now.getTime())
  expect(until.getTime() - now.getTime()).toBeLessThanOrEqual(26 * 3_600_000)
  // An end inside an hour that comes twice may be quiet a second time, and then ends for good.
  const again = quietUntil(until, window, zone) ?? until
  expect(quietUntil(again, window, zone)).toBeUndefined()
})

test('exempt types are never held, the recipient’s own zone comes first', () => {
  const policy = { window: NIGHT, timeZone: TAIPEI, exemptTypes: ['otp'] }
  const night = at('2026-11-22T23:00:00')
  expect(holdForQuiet({ messageType: 'otp', timeZone: null }, policy, night)).toBeUndefined()
  expect(holdForQuiet({ messageType: 'promotion', timeZone: null }, policy, night)).toBeDefined()
  const abroad = { messageType: 'promotion', timeZone: 'America/New_York' }
  expect(holdForQuiet(abroad, policy, night)).toBeUndefined()
})

test('knows a zone from a word', () => {
  expect(isTimeZone('Asia/Taipei')).toBe(true)
  expect(isTimeZone('Mars/Olympus')).toBe(false)
  expect(isTimeZone('local')).toBe(false)
  expect(isTimeZone('utc+8')).toBe(false)
})
