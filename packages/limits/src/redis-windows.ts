import type { Cluster, Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'

export interface KeyWindow {
  /** Of the window that runs, these included. */
  used: number
  resetMs: number
}

/** Who asks is waiting for an answer of their own. */
const REDIS_LIMIT_MS = 250
/** Whether it is too many is the caller's to say: each key has its own limit. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER

/**
 * Counts requests of keys in windows that begin with their first request, over all processes. While Redis is away each
 * process counts by itself: a limit of requests is no reason to refuse them all.
 */
export function createRedisWindows(
  redis: Redis | Cluster,
  windowSeconds: number,
): (counts: readonly { keyId: string; count: number }[]) => Promise<KeyWindow[]> {
  const options = { points: NO_LIMIT, duration: windowSeconds, keyPrefix: 'sms-key-rate' }
  const shared = new RateLimiterRedis({
    ...options,
    storeClient: redis,
    rejectIfRedisNotReady: true,
  })
  const own = new RateLimiterMemory(options)

  const countOne = async (keyId: string, count: number): Promise<KeyWindow> => {
    const result = await within(shared.consume(keyId, count), REDIS_LIMIT_MS).catch(() =>
      own.consume(keyId, count),
    )
    return { used: result.consumedPoints, resetMs: result.msBeforeNext }
  }
  return (counts) => Promise.all(counts.map(({ keyId, count }) => countOne(keyId, count)))
}

async function within(counting: Promise<RateLimiterRes>, limitMs: number): Promise<RateLimiterRes> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('redis does not answer'))
    }, limitMs)
  })
  try {
    return await Promise.race([counting, limit])
  } finally {
    clearTimeout(timer)
  }
}
