import type { Db } from '@sms-gateway/db/connect'
import { countInKeyWindows } from '@sms-gateway/db/key-windows'
import { createRedisWindows } from '@sms-gateway/limits/redis-windows'
import type { BackendConfig } from '@sms-gateway/queue/backend'
import { connectRedis } from '@sms-gateway/queue/redis-connection'
import { type CountInWindows, RATE_WINDOW_SECONDS } from '@sms-gateway/service-kit/rate-limit'

/** Where the requests of keys are counted, for all replicas: Redis where there is one, else PostgreSQL. */
export function openKeyWindows(
  queue: BackendConfig,
  db: Db,
): { count: CountInWindows; close: () => Promise<void> } {
  if (queue.kind === 'postgres') {
    return {
      count: (counts) => countInKeyWindows(db, counts, RATE_WINDOW_SECONDS * 1_000),
      close: () => Promise.resolve(),
    }
  }
  const redis = connectRedis(queue.url)
  return {
    count: createRedisWindows(redis, RATE_WINDOW_SECONDS),
    close() {
      redis.disconnect()
      return Promise.resolve()
    },
  }
}
