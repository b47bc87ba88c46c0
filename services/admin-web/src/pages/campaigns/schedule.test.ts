import { describe, expect, test } from '@jest/globals'
import { mayReschedule, toScheduleRequest, whenOf } from './schedule.ts'

describe('another time for a campaign', () => {
  test.each([
    [
      'the time it has, by the clocks of its zone',
      { cron: null, schedule_at: '2026-12-01T00:30:00.000Z', time_zone: 'Asia/Tokyo' },
      { start: 'at', at: '2026-12-01T09:30', cron: '', zone: 'Asia/Tokyo' },
    ],
    [
      'no time, where it has none',
      { cron: null, schedule_at: null, time_zone: 'Asia/Taipei' },
      { start: 'at', at: '', cron: '', zone: 'Asia/Taipei' },
    ],
    [
      'its rule',
      { cron: '0 9 * * 1', schedule_at: null, time_zone: 'Asia/Taipei' },
      { start: 'again', at: '', cron: '0 9 * * 1', zone: 'Asia/Taipei' },
    ],
  ] as const)('starts from %s', (_, campaign, when) => {
    expect(whenOf(campaign)).toEqual(when)
  })

  test.each([
    ['at', { schedule_at: '2026-12-01T09:30', time_zone: 'Asia/Tokyo' }],
    ['again', { cron: '0 9 * * 1', time_zone: 'Asia/Tokyo' }],
  ] as const)('is asked for with its zone: %s', (start, body) => {
    const when = { at: '2026-12-01T09:30', cron: ' 0 9 * * 1 ', zone: 'Asia/Tokyo' }
    expect(toScheduleRequest({ start, ...when })).toEqual(body)
    expect(toScheduleRequest({ start, at: '', cron: ' ', zone: 'Asia/Tokyo' })).toBeUndefined()
  })

  test.each([
    ['draft', 0, null, null, true],
    ['scheduled', 0, null, null, true],
    // Between two runs.
    ['scheduled', 3, '2026-12-01T00:00:00Z', '2026-12-01T01:00:00Z', true],
    ['paused', 0, null, null, true],
    ['paused', 1, '2026-12-01T00:00:00Z', null, false],
    ['running', 1, '2026-12-01T00:00:00Z', null, false],
    ['cancelled', 0, null, null, false],
  ] as const)('of one that is %s, run %d: %s, %s, %s', (...row) => {
    const [status, run, startedAt, finishedAt, may] = row
    const campaign = { status, run, started_at: startedAt, finished_at: finishedAt }
    expect(mayReschedule(campaign)).toBe(may)
  })
})
