import { fc, test as property } from '@fast-check/jest'
import { expect, test } from '@jest/globals'
import { retryDelayMs } from './retry-delay.ts'

const policy = { maxAttempts: 3, baseMs: 500, maxMs: 30_000 }

test.each([
  [0, 500],
  [1, 1_000],
  [2, 2_000],
  [5, 16_000],
  [6, 30_000],
  [1_000, 30_000],
])('the longest wait of round %i is %i ms', (round, longest) => {
  expect(retryDelayMs(policy, round, 0.999_999_9)).toBe(longest)
  expect(retryDelayMs(policy, round, 0.5)).toBe(longest / 2)
  expect(retryDelayMs(policy, round, 0)).toBe(0)
})

property.prop([
  fc.integer({ min: 1, max: 60_000 }),
  fc.integer({ min: 1, max: 3_600_000 }),
  fc.nat(10_000),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
])('a wait is a whole number of ms up to the maximum', (baseMs, maxMs, round, random) => {
  const ms = retryDelayMs({ maxAttempts: 3, baseMs, maxMs }, round, random)
  expect(Number.isInteger(ms)).toBe(true)
  expect(ms).toBeGreaterThanOrEqual(0)
  expect(ms).toBeLessThanOrEqual(Math.min(maxMs, baseMs * 2 ** round))
})
