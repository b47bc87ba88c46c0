import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { LeaseSource } from './lease-source.ts'
import { createLimiter } from './limiter.ts'
import { createLocalLeases } from './local-leases.ts'
import type { Limiter, Permit, Wait } from './permit.ts'
import { takeAll } from './take-all.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => {
  jest.clearAllTimers()
  jest.useRealTimers()
})

const MAX_WAIT = { maxWaitMs: 1_000 }

/** By the fake clock, which `node:timers/promises` does not know. */
function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

/** A store some milliseconds away. */
function createDistantLeases(): LeaseSource {
  const local = createLocalLeases()
  const travel = () => sleep(3)
  return {
    async takeTurn(...args) {
      await travel()
      const turn = await local.takeTurn(...args)
      await travel()
      return turn
    },
  }
}

test.each([
  { perSecond: [50, 100], processes: 4 },
  { perSecond: [100, 100], processes: 2 },
  { perSecond: [200, 100], processes: 4 },
  { perSecond: [10, 50, 200], processes: 3 },
])(
  '$perSecond together in $processes processes: each is kept, the lowest is used, few permits are wasted',
  async ({ perSecond, processes }) => {
    const leases = createDistantLeases()
    const sentAt: number[] = []
    let taken = 0
    let voidOnes = 0
    const sendForEver = async (limiters: Limiter[]): Promise<never> => {
      for (;;) {
        const result = await takeAll(limiters, 'normal', MAX_WAIT)
        const ms =
          result.kind === 'wait' ? result.forMs : Math.max(0, result.at - performance.now())
        await sleep(ms)
        if (result.kind === 'wait') continue
        if (performance.now() > result.until) voidOnes++
        sentAt.push(performance.now())
      }
    }
    for (let process = 0; process < processes; process++) {
      const limiters = perSecond.map((limit, index) =>
        createLimiter({
          id: `limit-${index}`,
          perSecond: limit,
          leases,
          listener: {
            onPermit: () => {
              taken++
            },
          },
        }),
      )
      for (let message = 0; message < 60; message++) void sendForEver(limiters)
    }
    await jest.advanceTimersByTimeAsync(5_000)

    expect(voidOnes).toBe(0)
    const lowest = Math.min(...perSecond)
    sentAt.sort((a, b) => a - b)
    for (const [index, at] of sentAt.entries()) {
      expect((sentAt[index + lowest + 1] ?? Infinity) - at).toBeGreaterThanOrEqual(1_000)
    }
    expect(sentAt.length).toBeGreaterThan(5 * 0.75 * lowest)
    // Of a hundred permits, how many were taken for nothing.
    const wasted = 100 * (1 - (sentAt.length * perSecond.length) / taken)
    expect(wasted).toBeLessThan(15)
  },
)

test('takes nothing at all when one limit has no permit soon enough', async () => {
  const leases = createLocalLeases()
  let taken = 0
  const free = createLimiter({
    ...{ id: 'free', perSecond: 100, leases },
    listener: {
      onPermit: () => {
        taken++
      },
    },
  })
  const busy = createLimiter({ id: 'busy', perMinute: 60, leases })
  for (let index = 0; index < 3; index++) void busy.take('normal', MAX_WAIT)
  await jest.advanceTimersByTimeAsync(1)

  const result = await takeAll([free, busy], 'normal', MAX_WAIT)
  expect(result).toMatchObject({ kind: 'wait' })
  expect(taken).toBe(0)
})

test('a permit is not kept for another limit whose turn comes later than it is good for', async () => {
  const local = createLocalLeases()
  const leases: LeaseSource = {
    async takeTurn(limiterId, ...rest) {
      const { from, until } = await local.takeTurn(limiterId, ...rest)
      // Other processes are before us there.
      const laterMs = limiterId.startsWith('crowded') ? 200 : 0
      return { from: from + laterMs, until: until + laterMs }
    },
  }
  const limiters = ['quiet', 'crowded'].map((id) => createLimiter({ id, perSecond: 50, leases }))
  const results: (Permit | Wait)[] = []
  void takeAll(limiters, 'normal', MAX_WAIT).then((result) => results.push(result))
  await jest.advanceTimersByTimeAsync(1_000)

  expect(results).toMatchObject([{ kind: 'permit' }])
  const [permit] = results.flatMap((result) => (result.kind === 'permit' ? [result] : []))
  expect(permit!.until).toBeGreaterThan(permit!.at)
})

test('no limits are no wait', async () => {
  const none = createLimiter({ id: 'none', perSecond: 0, leases: createLocalLeases() })
  const result = await takeAll([none, none], 'bulk', { maxWaitMs: 0 })
  expect(result).toMatchObject({ kind: 'permit', at: performance.now(), until: Infinity })
})
