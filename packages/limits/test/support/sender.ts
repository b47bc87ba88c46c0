// A replica: sends as much as its limits let it, until it is killed.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createLimiter } from '../../src/limiter.ts'
import type { Limit } from '../../src/pace.ts'
import { createRedisLeases } from '../../src/redis-leases.ts'
import { takeAll } from '../../src/take-all.ts'

export interface SenderOptions {
  redisUrl: string
  port: number
  streams: Stream[]
}

export interface Stream {
  name: string
  /** Each message needs a permit of each of them. */
  limits: (Limit & { id: string })[]
  /** So many messages wait at any time. */
  messages: number
}

const { redisUrl, port, streams } = JSON.parse(process.argv[2] ?? '') as SenderOptions
const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
redis.on('error', () => undefined)
const leases = createRedisLeases(redis)
const agent = new Agent({ keepAlive: true, maxSockets: 32 })

for (const { name, limits, messages } of streams) {
  const limiters = limits.map((limit) => createLimiter({ ...limit, leases }))
  for (let index = 0; index < messages; index++) {
    void (async () => {
      for (;;) {
        const result = await takeAll(limiters, 'normal', { maxWaitMs: 1_000 })
        if (result.kind === 'wait') {
          await sleep(result.forMs)
          continue
        }
        await sleep(Math.max(0, result.at - performance.now()))
        const leftAt = performance.now()
        if (leftAt <= result.until)
          post(`/${name}/${process.pid}/${performance.timeOrigin + leftAt}`)
      }
    })()
  }
}

function post(path: string) {
  request({ agent, port, host: '127.0.0.1', method: 'POST', path })
    .on('response', (response) => response.resume())
    .on('error', () => undefined)
    .end()
}
