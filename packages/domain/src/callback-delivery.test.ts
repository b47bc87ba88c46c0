import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import type { CallbackOutcome } from './callback-delivery.ts'
import { CALLBACK_LIFE_MS, decideCallback } from './callback-delivery.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const FAILED: CallbackOutcome = { kind: 'refused', status: 500 }
const TIMEOUT: CallbackOutcome = { kind: 'unreachable', error: 'timeout' }
const HOUR = 3_600_000
const ALMOST_ONE = 1 - 2 ** -40

const after = (ms: number) => new Date(NOW.getTime() + ms)
const fresh = { round: 1, expiresAt: after(CALLBACK_LIFE_MS) }

describe('an event', () => {
  test('is done once it is delivered, also at its last moment', () => {
    const outcome: CallbackOutcome = { kind: 'delivered', status: 204 }
    expect(decideCallback(outcome, fresh, NOW, 0.5)).toEqual({ kind: 'delivered' })
    expect(decideCallback(outcome, fresh, fresh.expiresAt, 0.5)).toEqual({ kind: 'delivered' })
  })

  test('is given up where the receiver is gone', () => {
    expect(decideCallback({ kind: 'gone', status: 410 }, fresh, NOW, 0.5)).toEqual({
      kind: 'given-up',
    })
  })

  test.each([
    [1, 5_000],
    [2, 300_000],
    [3, 25 * 60_000],
    [4, 1.5 * HOUR],
    [9, 4 * HOUR],
    [50, 4 * HOUR],
  ])('that failed %i times waits at most %i ms', (round, gapMs) => {
    const at = (random: number) => decideCallback(TIMEOUT, { ...fresh, round }, NOW, random)
    expect(at(ALMOST_ONE)).toEqual({ kind: 'retry', at: after(gapMs) })
    expect(at(0.5)).toEqual({ kind: 'retry', at: after(gapMs / 2) })
    expect(at(0)).toEqual({ kind: 'retry', at: after(1_000) })
  })

  test('has its last try at its end, and is given up after that', () => {
    const almost = after(CALLBACK_LIFE_MS - 10)
    const last = decideCallback(FAILED, { ...fresh, round: 8 }, almost, 0.9)
    expect(last).toEqual({ kind: 'retry', at: fresh.expiresAt })
    expect(decideCallback(FAILED, fresh, fresh.expiresAt, 0)).toEqual({ kind: 'given-up' })
  })

  test('comes back no sooner than the receiver asks, and not after its end', () => {
    const busy = (retryAfterMs: number): CallbackOutcome => ({
      kind: 'refused',
      status: 429,
      retryAfterMs,
    })
    expect(decideCallback(busy(60_000), fresh, NOW, 0.5)).toEqual({
      kind: 'retry',
      at: after(60_000),
    })
    expect(decideCallback(busy(48 * HOUR), fresh, NOW, 0.5)).toEqual({
      kind: 'retry',
      at: fresh.expiresAt,
    })
  })

  property.prop([fc.array(fc.double({ min: 0, max: ALMOST_ONE, noNaN: true }), { minLength: 40 })])(
    'that always fails is tried till its end, and then given up',
    (randoms) => {
      let now = NOW
      for (const [index, random] of randoms.entries()) {
        const step = decideCallback(TIMEOUT, { ...fresh, round: index + 1 }, now, random)
        if (step.kind !== 'retry') {
          expect([step.kind, now]).toEqual(['given-up', fresh.expiresAt])
          return
        }
        expect(step.at.getTime()).toBeGreaterThan(now.getTime())
        expect(step.at.getTime()).toBeLessThanOrEqual(fresh.expiresAt.getTime())
        now = step.at
      }
    },
  )
})
