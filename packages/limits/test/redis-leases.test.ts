import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import type { Turn } from '../src/lease-source.ts'
import { createLimiter } from '../src/limiter.ts'
import type { RedisLeases } from '../src/redis-leases.ts'
import { createRedisLeases } from '../src/redis-leases.ts'
import type { BreakableLink } from './support/breakable-link.ts'
import { openBreakableLink } from './support/breakable-link.ts'
import { urlOfTestRedis } from './support/test-redis.ts'

const redisUrl = urlOfTestRedis(13)
const inRedis = redisUrl === '' ? describe.skip : describe

let opened: { close(): unknown }[] = []
afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()))
  opened = []
})

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
  for (const deadline = Date.now() + 10_000; ;) {
    try {
      return await leases.takeTurn(newName(), leaseMs, AbortSignal.timeout(1_000))
    } catch (err) {
      if (Date.now() > deadline) throw err
      await sleep(20)
    }
  }
}

async function openLink(): Promise<BreakableLink> {
  const link = await openBreakableLink(redisUrl)
  opened.push({ close: () => link.cut().catch(() => undefined) })
  return link
}

const take = (leases: RedisLeases, name: string, leaseMs: number) =>
  leases.takeTurn(name, leaseMs, AbortSignal.timeout(5_000))

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
    const first = await take(leases, name, 500)
    const coming = take(leases, name, 500)
    await sleep(20)
    const blockedUntil = performance.now() + 300
    while (performance.now() < blockedUntil);
    expect((await coming).from - first.from).toBeCloseTo(500, -1)
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
    const options = { maxWaitMs: 1_000 }
    expect(await limiter.take('normal', options)).toMatchObject({ kind: 'permit' })

    await link.cut()
    await sleep(200)
    expect(await limiter.take('normal', options)).toEqual({ kind: 'wait', forMs: 1_000 })

    await link.restore()
    const restoredAt = performance.now()
    // It may have come back without the last it was told: what was booked then passes first.
    expect((await untilTurn(leases)).from).toBeGreaterThan(restoredAt + 249)
    expect(await limiter.take('normal', options)).toMatchObject({ kind: 'permit' })
  })

  test('with Redis hanging nobody waits longer than he would, and no bookings pile up', async () => {
    const link = await openLink()
    const leases = await openLeases(link.url)
    const limiter = createLimiter({ id: newName(), perSecond: 5, leases })
    expect(await limiter.take('normal', { maxWaitMs: 1_000 })).toMatchObject({ kind: 'permit' })
    await sleep(300)

    link.hang()
    const askedAt = performance.now()
    const results = [await limiter.take('urgent', { maxWaitMs: 300 })]
    results.push(
      ...(await Promise.all([1, 2, 3].map(() => limiter.take('bulk', { maxWaitMs: 300 })))),
    )
    expect(results.map(({ kind }) => kind)).toEqual(['wait', 'wait', 'wait', 'wait'])
    expect(performance.now() - askedAt).toBeLessThan(3_000)

    await link.restore()
    await untilTurn(leases)
    await sleep(300)
    expect(await limiter.take('normal', { maxWaitMs: 1_000 })).toMatchObject({ kind: 'permit' })
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
