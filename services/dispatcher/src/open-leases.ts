import type { Db } from '@sms-gateway/db/connect'
import { reserveTurn } from '@sms-gateway/db/rate-turns'
import { createClockLeases } from '@sms-gateway/limits/clock-leases'
import type { LeaseSource } from '@sms-gateway/limits/lease-source'
import { createRedisLeases } from '@sms-gateway/limits/redis-leases'
import type { BackendConfig } from '@sms-gateway/queue/backend'
import { connectRedis } from '@sms-gateway/queue/redis-connection'

/** Where the replicas take their turns at the limits: Redis where there is one, else PostgreSQL. */
export function openLeases(
  queue: BackendConfig,
  db: Db,
): { leases: LeaseSource; close: () => Promise<void> } {
  if (queue.kind === 'postgres') {
    return {
      leases: createClockLeases((id, minTimeMs) => reserveTurn(db, id, minTimeMs)),
      close: () => Promise.resolve(),
    }
  }
  const redis = connectRedis(queue.url)
  const leases = createRedisLeases(redis)
  return {
    leases,
    async close() {
      await leases.close()
      redis.disconnect()
    },
  }
}
