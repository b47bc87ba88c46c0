import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import type { Turn } from '../src/lease-source.ts'
import { createLimiter } from '../src/limiter.ts'
import type { Limiter } from '../src/permit.ts'
import type { RedisLeases } from '../src/redis-leases.ts'
import { createRedisLeases } from '../src/redis-leases.ts'
import type { BreakableLink } from './support/breakable-link.ts'
import { openBreakableLink } from './support/breakable-link.ts'
import { urlOfTestRedis } from './support/test-redis.ts'

const redisUrl = urlOfTestRedis(13)
const inRedis = redisUrl === '' ? describe.skip : describe

/** Longer than any machine stands still, and than nobody hangs. */
const LIMIT_MS = 60_000

let opened: { close(): unknown }[] = []
afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()))
  opened = []
})

/** Of a store that is known to be away: nobody waits for it. */
const AWAY = { kind: 'wait', forMs: 1_000 }

let names = 0
const newName = () => `leases-${process.pid}-${Date.now()}-${names++}`

function connect(url = redisUrl): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  redis.on('error', () => undefined)
  opened.push({
    close: () => {
      redis.disconnect()
    },
  })
  return redis
}

/** As if it were another process: it shares nothing but Redis. */
async function openLeases(url = redisUrl): Promise<RedisLeases> {
  const leases = createRedisLeases(connect(url))
  opened.push(leases)
  await untilTurn(leases)
  return leases
}

async function untilTurn(leases: RedisLeases, leaseMs = 1): Promise<Turn> {
  for (const deadline = Date.now() + LIMIT_MS; ;) {
    try {
      return await leases.takeTurn(newName(), leaseMs, AbortSignal.timeout(1_000))
    } catch (err) {
      if (Date.now() > deadline) throw err
      await sleep(20)
    }
  }
}

/** By `Date.now()`, as Bottleneck keeps it in Redis. */
async function readBookedUntil(name: string): Promise<number> {
  const redis = connect()
  const [key = ''] = (await redis.keys('*_settings')).filter((each) => each.includes(name))
  return Number(await redis.hget(key, 'nextRequest'))
}

async function openLink(): Promise<BreakableLink> {
  const link = await openBreakableLink(redisUrl)
  opened.push({ close: () => link.cut().catch(() => undefined) })
  return link
}

const take = (leases: RedisLeases, name: string, leaseMs: number) =>
  leases.takeTurn(name, leaseMs, AbortSignal.timeout(LIMIT_MS))

/** A busy machine's Redis may answer too late for the first who asks. */
async function untilPermit(limiter: Limiter): Promise<void> {
  const deadline = Date.now() + LIMIT_MS
  while ((await limiter.take('normal', { maxWaitMs: 1_000 })).kind !== 'permit') {
    if (Date.now() > deadline) throw new Error('there was no permit')
  }
}

function expectApart(turns: Turn[]) {
  const sorted = [...turns].sort((a, b) => a.from - b.from)
  for (const [index, turn] of sorted.entries()) {
    const before = sorted[index - 1]
    // The clock that they share counts milliseconds.
    if (before) expect(turn.from).toBeGreaterThanOrEqual(before.until - 1.5)
  }
}

inRedis('turns over Redis', () => {
  test('no two processes have the same time', async () => {
    const processes = await Promise.all([openLeases(), openLeases(), openLeases()])
    const name = newName()
    const turns = await Promise.all(
      processes.map(async (leases) => {
        const own: Turn[] = []
        for (let count = 0; count < 6; count++) own.push(await take(leases, name, 10))
        return own
      }),
    )
    expectApart(turns.flat())
    const all = turns.flat().map(({ from }) => from)
    expect(Math.max(...all) - Math.min(...all)).toBeGreaterThanOrEqual(169)
  })

  test('the moment of a turn is exact, however late this process hears of it', async () => {
    const leases = await openLeases()
    const name = newName()
    const first = await take(leases, name, 30_000)
    const coming = take(leases, name, 30_000)
    await sleep(20)
    const blockedUntil = performance.now() + 300
    while (performance.now() < blockedUntil);
    expect((await coming).from - first.from).toBeCloseTo(30_000, -1)
  })

  test('after Redis lost all it knew, nothing overlaps what was booked before', async () => {
    const [one, other] = await Promise.all([openLeases(), openLeases()])
    const name = newName()
    const turns: Turn[] = []
    for (let count = 0; count < 3; count++) {
      turns.push(await take(one, name, 100), await take(other, name, 100))
    }
    await connect().flushdb()
    for (let count = 0; count < 3; count++) {
      turns.push(...(await Promise.all([take(one, name, 100), take(other, name, 100)])))
    }
    expectApart(turns)
  })

  test('a first start is no loss: the first turn comes at once', async () => {
    await connect().flushdb()
    const leases = createRedisLeases(connect())
    opened.push(leases)
    const turn = await untilTurn(leases, 60_000)
    expect(turn.from).toBeLessThan(performance.now() + 1_000)
  })

  test('with Redis away nobody gets a permit, nobody hangs, and it goes on when Redis is back', async () => {
    const link = await openLink()
    const leases = await openLeases(link.url)
    const limiter = createLimiter({ id: newName(), perSecond: 20, leases })
    await untilPermit(limiter)

    await link.cut()
    // The rest of the turn that was taken passes.
    await sleep(200)
    const waits = [await limiter.take('normal', { maxWaitMs: 1_000 })]
    // It may take this process a moment to hear of it.
    while (waits.at(-1)?.kind === 'wait' && !isDeepStrictEqual(waits.at(-1), AWAY)) {
      waits.push(await limiter.take('normal', { maxWaitMs: 1_000 }))
    }
    expect(waits.at(-1)).toEqual(AWAY)

    const restoredAt = performance.now()
    await link.restore()
    // It may have come back without the last it was told: what was booked then passes first.
    expect((await untilTurn(leases)).from).toBeGreaterThan(restoredAt + 249)
    await untilPermit(limiter)
  })

  test('with Redis hanging nobody waits longer than he would, and no bookings pile up', async () => {
    const link = await openLink()
    const leases = await openLeases(link.url)
    const limiter = createLimiter({ id: newName(), perSecond: 5, leases })
    await untilPermit(limiter)
    await sleep(300)
    const name = newName()
    const first = await take(leases, name, 30_000)

    link.hang()
    const results = [await limiter.take('urgent', { maxWaitMs: 300 })]
    results.push(
      ...(await Promise.all([1, 2, 3].map(() => limiter.take('bulk', { maxWaitMs: 300 })))),
    )
    expect(results.map(({ kind }) => kind)).toEqual(['wait', 'wait', 'wait', 'wait'])
    for (let times = 0; times < 3; times++) {
      const turn = leases.takeTurn(name, 30_000, AbortSignal.timeout(10))
      await expect(turn).rejects.toMatchObject({ name: 'TimeoutError' })
    }

    await link.restore()
    await untilPermit(limiter)
    // Those who gave up have left one booking among them all: it is taken up, or has just been made.
    const next = await take(leases, name, 30_000)
    expect(next.from - first.from).toBeLessThan(61_000)
    await sleep(200)
    const aheadMs = (await readBookedUntil(name)) - Date.now()
    expect(aheadMs).toBeLessThan(next.until - performance.now() + 20_000)
  })

  test('with Redis away from the start it begins when Redis comes', async () => {
    const link = await openLink()
    await link.cut()
    const leases = createRedisLeases(connect(link.url))
    opened.push(leases)
    await expect(take(leases, newName(), 10)).rejects.toThrow('redis is away')
    await link.restore()
    await untilTurn(leases)
  })

  test('thousands of customers do not stay in memory, and their keys go by themselves', async () => {
    const leases = await openLeases()
    const name = newName()
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => take(leases, `${name}:${batch}-${index}`, 10)),
      )
    }
    expect(leases.size()).toBeLessThanOrEqual(1_100)
    const redis = connect()
    const keys = (await redis.keys('*')).filter(
      (key) => key.includes(`${name}:19-99@`) || key.includes(`${name}:19-99_`),
    )
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0)
  })
})
