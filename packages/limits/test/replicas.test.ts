import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { toPace } from '../src/pace.ts'
import { countPerSecond, countWorstWindow } from './support/arrivals.ts'
import type { Arrival } from './support/recorder.ts'
import type { Replicas } from './support/replicas.ts'
import { openReplicas } from './support/replicas.ts'
import type { Stream } from './support/sender.ts'
import { urlOfTestRedis } from './support/test-redis.ts'

const redisUrl = urlOfTestRedis(14)
const run = `${process.pid}-${Date.now()}`
/** What the way to the provider may vary by; a busy machine's longer ways are allowed for. */
const TRANSIT_MS = 25
const USE_LIMIT_MS = 60_000

let replicas: Replicas | undefined
let redis: Redis | undefined
afterEach(async () => {
  redis?.disconnect()
  await replicas?.end()
  replicas = undefined
})

function buildStreams(test: string): Stream[] {
  const stream = (
    name: string,
    limit: { perSecond: number } | { perMinute: number },
    messages: number,
  ) => ({
    name,
    limits: [{ id: `${run}-${test}-${name}`, ...limit }],
    messages,
  })
  return [
    stream('10', { perSecond: 10 }, 20),
    stream('50', { perSecond: 50 }, 60),
    stream('200', { perSecond: 200 }, 200),
    stream('120m', { perMinute: 120 }, 8),
  ]
}

const BOUNDS = [
  { stream: '10', limit: { perSecond: 10 }, windowMs: 1_000, atMost: 11 },
  { stream: '50', limit: { perSecond: 50 }, windowMs: 1_000, atMost: 51 },
  { stream: '200', limit: { perSecond: 200 }, windowMs: 1_000, atMost: 201 },
  { stream: '120m', limit: { perMinute: 120 }, windowMs: 1_000, atMost: 3 },
  { stream: '120m', limit: { perMinute: 120 }, windowMs: 3_000, atMost: 7 },
]

function expectWithinLimits(arrivals: Arrival[], label: string) {
  for (const { stream, limit, windowMs, atMost } of BOUNDS) {
    const own = arrivals.filter((arrival) => arrival.stream === stream)
    const left = countWorstWindow(
      own.map(({ leftAt }) => leftAt),
      windowMs,
    )
    const arrived = countWorstWindow(
      own.map(({ arrivedAt }) => arrivedAt),
      windowMs,
    )
    const slowestMs = Math.max(...own.map(({ leftAt, arrivedAt }) => arrivedAt - leftAt))
    const delayed = Math.ceil(
      Math.max(0, slowestMs - TRANSIT_MS) / (toPace(limit)?.intervalMs ?? 1),
    )
    if (process.env['LIMITS_TABLE']) {
      const average = countPerSecond(own.map(({ arrivedAt }) => arrivedAt)).toFixed(1)
      process.stderr.write(
        `${label} | ${stream} | ${average}/s | worst ${windowMs / 1_000} s: ${arrived} (left ${left}) | slowest way ${slowestMs.toFixed(0)} ms\n`,
      )
    }
    expect({ label, stream, left: left <= atMost }).toEqual({ label, stream, left: true })
    expect({ label, stream, arrived: arrived <= atMost + delayed }).toEqual({
      label,
      stream,
      arrived: true,
    })
  }
}

/** Reads for `readMs`, and on until each stream has had a second in which its limit was used: a busy machine has few. */
async function readUntilUsed(
  { read }: Replicas,
  perSecond: Record<string, number>,
  readMs: number,
): Promise<Arrival[]> {
  const arrivals: Arrival[] = []
  const startedAt = Date.now()
  for (;;) {
    await sleep(500)
    arrivals.push(...(await read()))
    const unused = Object.entries(perSecond).filter(([stream, limit]) => {
      const own = arrivals.filter((arrival) => arrival.stream === stream)
      return (
        countWorstWindow(
          own.map(({ leftAt }) => leftAt),
          1_000,
        ) <
        0.85 * limit
      )
    })
    const passedMs = Date.now() - startedAt
    if (passedMs > readMs && (unused.length === 0 || passedMs > USE_LIMIT_MS)) {
      expect(unused).toEqual([])
      return arrivals
    }
  }
}

/** Reads on until so many senders have been seen among all that arrived. */
async function readUntilSeen({ read }: Replicas, arrivals: Arrival[], senders: number) {
  const deadline = Date.now() + USE_LIMIT_MS
  const seen = () => new Set(arrivals.map(({ sender }) => sender)).size
  while (seen() < senders) {
    await sleep(500)
    arrivals.push(...(await read()))
    if (Date.now() > deadline) throw new Error(`${seen()} of ${senders} replicas send`)
  }
  return arrivals
}

const inRedis = redisUrl === '' ? describe.skip : describe
inRedis('replicas that share their limits over Redis', () => {
  test.each([1, 2, 4])('%i of them keep each limit in every window, and use it', async (count) => {
    replicas = await openReplicas(redisUrl, buildStreams(`${count}`))
    for (let index = 0; index < count; index++) replicas.start()
    await replicas.warmUp()
    const used = { 10: 10, 50: 50, 200: 200, '120m': 2 }
    const arrivals = await readUntilUsed(replicas, used, 3_500)

    expectWithinLimits(arrivals, `${count} replicas`)
  })

  test.each([2, 4])('%i of them keep it while one is killed and another starts', async (count) => {
    replicas = await openReplicas(redisUrl, buildStreams(`killed-${count}`))
    for (let index = 0; index < count; index++) replicas.start()
    await replicas.warmUp()
    const arrivals = await readUntilSeen(replicas, [], count)
    await replicas.killFirst()
    replicas.start()
    arrivals.push(...(await readUntilUsed(replicas, { 10: 10, 50: 50 }, 3_000)))
    await readUntilSeen(replicas, arrivals, count + 1)

    expectWithinLimits(arrivals, `${count} replicas, one killed, one new`)
  })

  test('they keep it while Redis loses all it knows, and go on', async () => {
    redis = new Redis(redisUrl)
    replicas = await openReplicas(redisUrl, buildStreams('wiped'))
    for (let index = 0; index < 3; index++) replicas.start()
    await replicas.warmUp()
    await sleep(1_500)
    await redis.flushdb()
    await sleep(1_500)
    await redis.flushdb()
    const before = await replicas.read()
    const after = await readUntilUsed(replicas, { 10: 10, 50: 50 }, 2_500)

    expectWithinLimits([...before, ...after], '3 replicas, Redis wiped twice')
  })
})
