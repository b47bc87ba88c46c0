import { describe, expect, test } from '@jest/globals'
import { estimateEnd, findTightest } from './campaign-duration.ts'
import type { QuietPolicy } from './quiet-policy.ts'

const QUIET: QuietPolicy = {
  window: { startMinute: 21 * 60, endMinute: 8 * 60 },
  timeZone: 'Asia/Taipei',
  exemptTypes: ['otp'],
}
const QUESTION = { messageType: 'promotion', timeZone: null, window: null }
const at = (text: string) => new Date(`2026-03-${text}:00+08:00`)

describe('estimateEnd', () => {
  test.each<[number, number, string, string | null]>([
    [600, 60, '02T10:00', '02T10:10'],
    [0, 60, '02T10:00', '02T10:00'],
    // 780 minutes are open a day, from 08:00 to 21:00.
    [60 * 780, 60, '02T08:00', '02T21:00'],
    [60 * 781, 60, '02T08:00', '03T08:01'],
    [600, 60, '02T22:00', '03T08:10'],
    [1_000_000, 1, '02T10:00', null],
  ])('%s messages at %s a minute from %s: %s', (messages, perMinute, start, end) => {
    const plan = { messages, perMinute, startAt: at(start) }
    expect(estimateEnd(plan, QUESTION, QUIET)).toEqual(end === null ? null : at(end))
  })

  test('ends nowhere where its hours are quiet', () => {
    const window = { startMinute: 22 * 60, endMinute: 23 * 60 }
    const plan = { messages: 1, perMinute: 60, startAt: at('02T10:00') }
    expect(estimateEnd(plan, { ...QUESTION, window }, QUIET)).toBeNull()
  })
})

test.each([
  [[], { perMinute: null, name: null }],
  [[{ name: 'a', perMinute: 0 }], { perMinute: null, name: null }],
  [
    [
      { name: 'a', perMinute: 0 },
      { name: 'b', perMinute: 60 },
      { name: 'c', perMinute: 30 },
    ],
    { perMinute: 30, name: 'c' },
  ],
])('of %j the tightest is %j', (limits, expected) => {
  expect(findTightest(limits)).toEqual(expected)
})
