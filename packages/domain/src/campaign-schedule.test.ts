import { expect, test } from '@jest/globals'
import { decideDue, isCron, nextRun, nextTime, readMoment } from './campaign-schedule.ts'

test.each([
  ['2026-03-02T09:00:30', 'Asia/Taipei', '2026-03-02T01:00:30.000Z'],
  ['2026-03-02T09:00', 'America/New_York', '2026-03-02T14:00:00.000Z'],
  ['2026-03-02T09:00:00+08:00', 'America/New_York', '2026-03-02T01:00:00.000Z'],
  ['2026-03-02T09:00:00Z', 'Asia/Taipei', '2026-03-02T09:00:00.000Z'],
])('%s in %s', (text, zone, expected) => {
  expect(readMoment(text, zone)?.toISOString()).toBe(expected)
})

test.each(['', 'tomorrow', '2026-03-02', '2026-13-02T09:00:00', '2026-03-02T25:00:00Z', '9:00'])(
  'is no moment: %j',
  (text) => {
    expect(readMoment(text, 'Asia/Taipei')).toBeUndefined()
  },
)

test.each(['0 9 * * 1', '*/15 8-20 * * *', '0 9 1 * *'])('is a cron expression: %s', (cron) => {
  expect(isCron(cron)).toBe(true)
})

test.each(['', '* * * *', '* * * * * *', '99 * * * *', '0 9 31 2 *', '@daily'])(
  'is none: %j',
  (cron) => {
    expect(isCron(cron)).toBe(false)
  },
)

test('goes by the clocks of its zone, over a change of theirs too', () => {
  const from = new Date('2026-03-07T20:00:00Z')
  const first = nextRun('0 9 * * *', 'America/New_York', from)
  expect(first?.toISOString()).toBe('2026-03-08T13:00:00.000Z')
  const before = nextRun('0 9 * * *', 'America/New_York', new Date('2026-03-06T20:00:00Z'))
  expect(before?.toISOString()).toBe('2026-03-07T14:00:00.000Z')
})

test('comes after the moment it is asked for, never at it', () => {
  const at = new Date('2026-03-02T01:00:00Z')
  expect(nextRun('0 9 * * *', 'Asia/Taipei', at)?.toISOString()).toBe('2026-03-03T01:00:00.000Z')
})

test.each([
  [0, 'run'],
  [60, 'run'],
  [61, 'missed'],
])('%s s late with a minute to spare: %s', (late, expected) => {
  const dueAt = new Date('2026-03-02T01:00:00Z')
  const now = new Date(dueAt.getTime() + late * 1_000)
  expect(decideDue({ dueAt, missedAfterSeconds: 60 }, now)).toBe(expected)
})

test.each([
  ['2026-03-02T01:00:01Z', null, '2026-03-02T01:00:01.000Z'],
  ['2026-03-02T01:00:00Z', null, undefined],
  [null, '0 10 * * *', '2026-03-02T02:00:00.000Z'],
  [null, null, undefined],
])('with %s and %s the next time is %s', (at, cron, expected) => {
  const schedule = { scheduleAt: at === null ? null : new Date(at), cron, timeZone: 'Asia/Taipei' }
  expect(nextTime(schedule, new Date('2026-03-02T01:00:00Z'))?.toISOString()).toBe(expected)
})
