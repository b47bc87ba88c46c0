import { describe, expect, test } from '@jest/globals'
import type { CallbackOutcome } from './callback-delivery.ts'
import { changeHealth, WELL } from './callback-health.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const FAILED: CallbackOutcome = { kind: 'refused', status: 500 }
const TIMEOUT: CallbackOutcome = { kind: 'unreachable', error: 'timeout' }
const HOUR = 3_600_000
const ALMOST_ONE = 1 - 2 ** -40

const after = (ms: number) => new Date(NOW.getTime() + ms)

describe('a receiver', () => {
  const failedTimes = (failures: number, failingMs = 0) => ({
    failures,
    failingSince: after(-failingMs),
    pausedUntil: null,
  })

  test('that answers is well again', () => {
    const change = changeHealth(failedTimes(7), { kind: 'delivered', status: 200 }, NOW, 0.5)
    expect(change).toEqual({ kind: 'health', health: WELL })
  })

  test('is not paused for the first failures, which may be the fault of an event', () => {
    expect(changeHealth(WELL, FAILED, NOW, 0.5)).toEqual({
      kind: 'health',
      health: { failures: 1, failingSince: NOW, pausedUntil: null },
    })
    expect(changeHealth(failedTimes(3, HOUR), FAILED, NOW, 0.5)).toEqual({
      kind: 'health',
      health: { failures: 4, failingSince: after(-HOUR), pausedUntil: null },
    })
  })

  test.each([
    [4, 0, 500],
    [4, ALMOST_ONE, 1_000],
    [6, ALMOST_ONE, 4_000],
    [12, 0, 128_000],
    [400, 0, 150_000],
    [400, ALMOST_ONE, 300_000],
  ])('that failed %i times before is left alone, by %d, for %i ms', (before, random, pauseMs) => {
    const change = changeHealth(failedTimes(before), TIMEOUT, NOW, random)
    expect(change).toMatchObject({ health: { pausedUntil: after(pauseMs) } })
  })

  test('is left alone for as long as it asks, and a shorter pause takes none of that back', () => {
    const busy: CallbackOutcome = { kind: 'refused', status: 503, retryAfterMs: 30_000 }
    const asked = changeHealth(WELL, busy, NOW, 0)
    expect(asked).toMatchObject({ health: { pausedUntil: after(30_000) } })
    if (asked.kind !== 'health') throw new Error('it was disabled')
    expect(changeHealth(asked.health, FAILED, after(10), 0)).toMatchObject({
      health: { failures: 2, pausedUntil: after(30_000) },
    })
  })

  test('is disabled when it is gone, or has failed for five days', () => {
    const days = (count: number) => count * 24 * HOUR
    expect(changeHealth(WELL, { kind: 'gone', status: 410 }, NOW, 0)).toMatchObject({
      kind: 'disable',
    })
    expect(changeHealth(failedTimes(20, days(5)), FAILED, NOW, 0)).toMatchObject({
      kind: 'disable',
    })
    expect(changeHealth(failedTimes(20, days(5) - 1), FAILED, NOW, 0).kind).toBe('health')
    expect(changeHealth(failedTimes(3, days(9)), FAILED, NOW, 0).kind).toBe('health')
  })
})
