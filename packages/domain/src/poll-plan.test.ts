import { fc, test as property } from '@fast-check/jest'
import { expect, test } from '@jest/globals'
import { FALLBACK, nextPollAt } from './poll-plan.ts'

const SUBMITTED = new Date('2025-11-22T08:00:00Z')
const LAST_AGE_S = 26 * 3_600

test('a receipt is asked for at 15 s, 30 s, 1, 2, 5, 10 and 30 min, then hourly up to 26 hours', () => {
  const ages: number[] = []
  let now: Date | undefined = SUBMITTED
  for (let polls = 0; (now = nextPollAt(polls, SUBMITTED, now)); polls++) ages.push(ageOf(now))

  const waits = ages.map((age, index) => age - (ages[index - 1] ?? 0))
  expect(waits.slice(0, 7)).toEqual([15, 30, 60, 120, 300, 600, 1_800])
  expect(new Set(waits.slice(7))).toEqual(new Set([3_600]))
  expect(ages.length).toBe(32)
  expect(ages.at(-1)).toBeLessThanOrEqual(LAST_AGE_S)
  expect(ages.at(-1)).toBeGreaterThan(LAST_AGE_S - 3_600)
})

test('a receipt that was to be sent is asked for at 10 min, 1 h and 6 h, then every 12 h to 3 days', () => {
  const ages: number[] = []
  let now: Date | undefined = SUBMITTED
  for (let polls = 0; (now = nextPollAt(polls, SUBMITTED, now, FALLBACK)); polls++) {
    ages.push(ageOf(now) / 3_600)
  }
  expect(ages).toEqual([1 / 6, 1, 6, 18, 30, 42, 54, 66])
})

property.prop([fc.nat(100), fc.nat(30 * 3_600)])(
  'a poll is never planned for the past, nor for after 26 hours',
  (polls, age) => {
    const now = new Date(SUBMITTED.getTime() + age * 1_000)
    const next = nextPollAt(polls, SUBMITTED, now)
    if (!next) {
      expect(age).toBeGreaterThan(LAST_AGE_S - 3_601)
      return
    }
    expect(next.getTime()).toBeGreaterThan(now.getTime())
    expect(ageOf(next)).toBeLessThanOrEqual(LAST_AGE_S)
  },
)

function ageOf(at: Date): number {
  return (at.getTime() - SUBMITTED.getTime()) / 1_000
}
