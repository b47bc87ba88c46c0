import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { Lane } from '@sms-gateway/domain/lane'
import { createCustomerLimiters } from './customer-limiters.ts'
import type { LeaseSource } from './lease-source.ts'
import { createLimiter } from './limiter.ts'
import { createLocalLeases } from './local-leases.ts'
import type { Limit } from './pace.ts'
import type { Limiter, Permit, Wait } from './permit.ts'

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

function createTestLimiter(limit: Limit, leases: LeaseSource = createLocalLeases()): Limiter {
  return createLimiter({ id: 'test', ...limit, leases })
}

/** What came of it, in the order in which it came. */
function takeMany(limiter: Limiter, lanes: Lane[], options = MAX_WAIT) {
  const results: { lane: Lane; result: Permit | Wait; answeredAt: number }[] = []
  for (const lane of lanes) {
    void limiter
      .take(lane, options)
      .then((result) => results.push({ lane, result, answeredAt: performance.now() }))
  }
  return results
}
const permitsOf = (results: { result: Permit | Wait }[]) =>
  results.flatMap(({ result }) => (result.kind === 'permit' ? [result] : []))
const waitsOf = (results: { result: Permit | Wait }[]) =>
  results.flatMap(({ result }) => (result.kind === 'wait' ? [result.forMs] : []))
const lanes = (lane: Lane, count: number) => Array<Lane>(count).fill(lane)

test('permits come evenly, each with time to commit the attempt before it', async () => {
  const results = takeMany(createTestLimiter({ perSecond: 10 }), lanes('normal', 5))
  await jest.advanceTimersByTimeAsync(1_000)

  const permits = permitsOf(results)
  expect(permits).toHaveLength(5)
  for (const [index, { at, until }] of permits.entries()) {
    const before = permits[index - 1]
    if (before) expect(at - before.at).toBeCloseTo(100, 0)
    expect(at - results[index]!.answeredAt).toBeGreaterThanOrEqual(20)
    expect(until).toBeGreaterThan(at)
    // More than an interval later it would push a second one over the limit.
    expect(until - at).toBeLessThan(100)
  }
})

test('a permit that nobody takes is lost, not saved up', async () => {
  const limiter = createTestLimiter({ perSecond: 100 })
  takeMany(limiter, ['normal'])
  await jest.advanceTimersByTimeAsync(5_000)
  const from = performance.now()
  const results = takeMany(limiter, lanes('normal', 90))
  await jest.advanceTimersByTimeAsync(1_000)

  const moments = permitsOf(results).map(({ at }) => at - from)
  expect(moments.filter((at) => at < 500).length).toBeLessThanOrEqual(51)
})

test('urgent overtakes bulk, and bulk still gets every tenth', async () => {
  const results = takeMany(createTestLimiter({ perSecond: 100 }), [
    ...lanes('bulk', 20),
    ...lanes('urgent', 60),
  ])
  await jest.advanceTimersByTimeAsync(200)
  const served = results.map(({ lane }) => lane)
  expect(served.length).toBeGreaterThan(10)
  expect(served.slice(0, 9)).toEqual(lanes('urgent', 9))
  expect(served.filter((lane) => lane === 'bulk')).toHaveLength(Math.floor(served.length / 10))
})

test('tells how long it will take without taking anything', async () => {
  const limiter = createTestLimiter({ perSecond: 10 })
  expect(limiter.estimate('normal')).toBe(0)
  takeMany(limiter, lanes('normal', 6))
  await jest.advanceTimersByTimeAsync(1)

  const ahead = limiter.estimate('normal')
  expect(ahead).toBeGreaterThan(450)
  expect(ahead).toBeLessThan(650)
  expect(limiter.estimate('normal')).toBe(ahead)
  expect(limiter.estimate('urgent')).toBeLessThan(200)
  expect(limiter.estimate('bulk')).toBeGreaterThanOrEqual(ahead)
})

test('who would wait too long is sent away at once, each to another time, at the pace of the limit', async () => {
  const limiter = createTestLimiter({ perSecond: 10 })
  const results = takeMany(limiter, [...lanes('normal', 500), ...lanes('bulk', 100), 'urgent'])
  await jest.advanceTimersByTimeAsync(1)

  const waits = waitsOf(results)
  expect(waits.length).toBeGreaterThan(580)
  expect(new Set(waits).size).toBe(waits.length)
  const normal = waitsOf(results.filter(({ lane }) => lane === 'normal'))
  for (const [index, forMs] of normal.entries()) {
    if (index > 0) expect(forMs - normal[index - 1]!).toBeCloseTo(100, 5)
  }
  const bulk = waitsOf(results.filter(({ lane }) => lane === 'bulk'))
  expect(Math.min(...bulk)).toBeGreaterThan(Math.max(...normal))
  await jest.advanceTimersByTimeAsync(200)
  expect(results.filter(({ lane }) => lane === 'urgent')).toMatchObject([
    { result: { kind: 'permit' } },
  ])
})

test('those sent away all get their permits at the pace of the limit, four processes sharing it', async () => {
  const leases = createLocalLeases()
  const sentAt: number[] = []
  const sendOne = async (limiter: Limiter): Promise<void> => {
    const result = await limiter.take('normal', MAX_WAIT)
    if (result.kind === 'permit') {
      sentAt.push(result.at)
      return
    }
    await sleep(result.forMs)
    await sendOne(limiter)
  }
  for (let process = 0; process < 4; process++) {
    const limiter = createTestLimiter({ perMinute: 60 }, leases)
    for (let message = 0; message < 30; message++) void sendOne(limiter)
  }
  await jest.advanceTimersByTimeAsync(100_000)
  expect(sentAt.length).toBeGreaterThanOrEqual(85)
  sentAt.sort((a, b) => a - b)
  for (const [index, at] of sentAt.entries()) {
    // In any minute at most the limit and one.
    expect(sentAt.filter((other) => other >= at && other < at + 60_000).length).toBeLessThanOrEqual(
      61,
    )
    expect((sentAt[index + 2] ?? Infinity) - at).toBeGreaterThan(1_000)
  }
})

test('a permit given back in time goes to another', async () => {
  const limiter = createTestLimiter({ perSecond: 1 })
  const results = takeMany(limiter, lanes('normal', 2))
  await jest.advanceTimersByTimeAsync(10)
  const [first] = permitsOf(results)
  first?.giveBack()
  await jest.advanceTimersByTimeAsync(10)
  expect(permitsOf(results).map(({ until }) => until)).toEqual([first?.until, first?.until])
})

test('a limit of 0 is none', async () => {
  const limiter = createTestLimiter(
    { perMinute: 0 },
    { takeTurn: () => Promise.reject(new Error('not asked')) },
  )
  expect(limiter.estimate('bulk')).toBe(0)
  const permit = await limiter.take('bulk', { maxWaitMs: 0 })
  expect(permit).toMatchObject({ kind: 'permit', at: performance.now(), until: Infinity })
})

test('with the store away everybody waits a second, and it goes on when it is back', async () => {
  const local = createLocalLeases()
  let away = true
  const limiter = createTestLimiter(
    { perSecond: 10 },
    {
      takeTurn: (...args) =>
        away ? Promise.reject(new Error('redis is away')) : local.takeTurn(...args),
    },
  )
  const results = takeMany(limiter, lanes('urgent', 3))
  await jest.advanceTimersByTimeAsync(1)
  expect(results.map(({ result }) => result)).toEqual(
    Array.from({ length: 3 }, () => ({ kind: 'wait', forMs: 1_000 })),
  )
  away = false
  const later = takeMany(limiter, ['urgent'])
  await jest.advanceTimersByTimeAsync(1)
  expect(later).toMatchObject([{ result: { kind: 'permit' } }])
})

test('a store that hangs keeps nobody longer than he would wait', async () => {
  const limiter = createTestLimiter({ perSecond: 10 }, { takeTurn: () => new Promise(() => {}) })
  const results = takeMany(limiter, lanes('normal', 3), { maxWaitMs: 400 })
  await jest.advanceTimersByTimeAsync(401)
  expect(waitsOf(results)).toHaveLength(3)
  expect(permitsOf(results)).toHaveLength(0)
})

test('takes a turn only while somebody waits, and one at a time', async () => {
  const local = createLocalLeases()
  let asked = 0
  let open = 0
  const limiter = createTestLimiter(
    { perSecond: 100 },
    {
      async takeTurn(...args) {
        asked++
        expect(++open).toBe(1)
        await sleep(5)
        open--
        return local.takeTurn(...args)
      },
    },
  )
  await jest.advanceTimersByTimeAsync(1_000)
  expect(asked).toBe(0)
  takeMany(limiter, lanes('normal', 30))
  await jest.advanceTimersByTimeAsync(2_000)
  const used = asked
  expect(used).toBeGreaterThan(0)
  expect(used).toBeLessThanOrEqual(30)
  await jest.advanceTimersByTimeAsync(2_000)
  expect(asked).toBe(used)
})

test('tells its listener of permits and of those sent away', async () => {
  const permits: [string, number][] = []
  const waits: string[] = []
  const limiter = createLimiter({
    id: 'all',
    perSecond: 10,
    leases: createLocalLeases(),
    listener: {
      onPermit: (...args) => permits.push(args),
      onWait: (id) => waits.push(id),
    },
  })
  takeMany(limiter, lanes('normal', 3), { maxWaitMs: 150 })
  await jest.advanceTimersByTimeAsync(1_000)
  expect(permits.map(([id]) => id)).toEqual(['all', 'all'])
  expect(permits[1]![1]).toBeCloseTo(100, 0)
  expect(waits).toEqual(['all'])
})

test('ten thousand customers do not stay in memory', async () => {
  const customers = createCustomerLimiters({
    limit: { id: 'customer', perMinute: 600, leases: createLocalLeases() },
    max: 100,
  })
  for (let index = 0; index < 10_000; index++) {
    takeMany(customers.get(`c${index}`), ['normal'])
    if (index % 100 === 0) await jest.advanceTimersByTimeAsync(200)
  }
  expect(customers.get('c9999')).toBe(customers.get('c9999'))
  expect(customers.size()).toBeLessThan(300)
})
