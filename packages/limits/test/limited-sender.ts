// A replica: sends as much as its limits let it, until it is killed.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { LeaseSource } from '../src/lease-source.ts'
import type { LimiterOptions } from '../src/limiter.ts'
import { createLimiter } from '../src/limiter.ts'
import { createRedisLeases } from '../src/redis-leases.ts'
import { takeAll } from '../src/take-all.ts'

export interface SenderOptions {
  redisUrl: string
  port: number
  /** Several: each message needs a permit of each. */
  limits:
    | Pick<LimiterOptions & { perSecond: number }, 'id' | 'perSecond'>[]
    | { id: string; perMinute: number }[]
  messages: number
}

const { redisUrl, port, limits, messages } = JSON.parse(process.argv[2] ?? '') as SenderOptions
const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
redis.on('error', () => undefined)
const leases: LeaseSource = createRedisLeases(redis)
const counts = { permits: 0, sent: 0, late: 0, waits: 0 }
const listener = {
  onPermit: () => void counts.permits++,
  onWait: () => void counts.waits++,
}
const limiters = limits.map((limit) =>
  createLimiter({ ...limit, leases, listener } as LimiterOptions),
)
const agent = new Agent({ keepAlive: true, maxSockets: 32 })

for (let index = 0; index < messages; index++) void sendForEver()
setInterval(() => process.stdout.write(`${JSON.stringify(counts)}\n`), 250)

async function sendForEver() {
  for (;;) {
    const result = await takeAll(limiters, 'normal', { maxWaitMs: 1_000 })
    if (result.kind === 'wait') {
      await sleep(result.forMs)
      continue
    }
    await sleep(Math.max(0, result.at - performance.now()))
    if (performance.now() > result.until) {
      counts.late++
      continue
    }
    counts.sent++
    post()
  }
}

function post() {
  request({ agent, port, host: '127.0.0.1', method: 'POST', path: `/${process.pid}` })
    .on('response', (response) => response.resume())
    .on('error', () => undefined)
    .end()
}
