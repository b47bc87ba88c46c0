import { randomUUID } from 'node:crypto'
import type { Cluster, Redis } from 'ioredis'

/** Tells when Redis lost what it knew: wiped, restarted, failed over. */
export interface RedisLife {
  /** Since when, by `Date.now()`, the data that `hashTag` names is whole as far as this process can know. */
  findStart(hashTag: string): Promise<number>
}

/**
 * Turns that were booked before a loss are still used after it, so those booked anew must not overlap them. A mark beside
 * the limiters' own keys shows a loss; who has seen another mark before puts up the new one with its time.
 */
export function watchRedisLife(client: Redis | Cluster): RedisLife {
  const seenMarks = new Set<string>()
  let reconnectedAt = 0
  let wasReady = client.status === 'ready'
  client.on('ready', () => {
    // A restart may have lost the last second, and a replica that took over the last writes.
    if (wasReady) reconnectedAt = Date.now()
    wasReady = true
  })

  const markAnew = async (key: string) => {
    const startedAt = seenMarks.has(key) ? Date.now() : 0
    await client.set(key, `${startedAt}:${randomUUID()}`, 'NX')
    return client.get(key)
  }
  return {
    async findStart(hashTag) {
      const key = `sms-limits-mark:{${hashTag}}`
      const mark = (await client.get(key)) ?? (await markAnew(key))
      if (mark === null) throw new Error('redis does not keep what is written')
      seenMarks.add(key)
      return Math.max(Number.parseInt(mark, 10), reconnectedAt)
    },
  }
}
