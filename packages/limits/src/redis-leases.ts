import { createHash } from 'node:crypto'
import type { Cluster, Redis } from 'ioredis'
import { createBoundedMap } from './bounded-map.ts'
import type { LeaseSource, Turn } from './lease-source.ts'
import { watchRedisLife } from './redis-life.ts'
import type { RedisLimiter } from './redis-limiter.ts'
import { createRedisLimiter } from './redis-limiter.ts'
import type { RedisLink } from './redis-link.ts'
import { openRedisLink } from './redis-link.ts'
import { withinSignal } from './within-signal.ts'

export interface RedisLeases extends LeaseSource {
  /** Limiters in this process's memory. */
  size(): number
  close(): Promise<void>
}

interface Entry {
  limiter: RedisLimiter
  booking: Promise<Turn> | undefined
  lastAt: number
  /** How far ahead a turn was once booked; other processes may hold turns as far ahead. */
  aheadMs: number
}

const MAX_IDLE_LIMITERS = 1_000
/** Limiters are spread over so many places of a Redis Cluster, each with a mark that tells a loss. */
const HASH_TAGS = 16
/** After a loss nothing is handed out until all that may have been booked before it has passed. */
const MIN_HOLD_MS = 250
const MAX_AHEAD_MS = 60_000
const MAX_TRIES = 50

/** Turns over all processes, by Bottleneck: its `minTime` is exact over processes. */
export function createRedisLeases(redis: Redis | Cluster): RedisLeases {
  const link = openRedisLink(redis)
  const book = createBooking(link)
  const entries = createBoundedMap<Entry>({
    isIdle: ({ booking, lastAt }) => !booking && lastAt < Date.now(),
    onDrop: ({ limiter }) => {
      limiter.stop()
    },
    max: MAX_IDLE_LIMITERS,
  })

  return {
    async takeTurn(limiterId, leaseMs, signal) {
      if (link.isAway()) throw new Error('redis is away')
      const id = nameInRedis(limiterId)
      const entry = entries.get(id, () => ({
        limiter: createRedisLimiter(link, id, leaseMs),
        booking: undefined,
        lastAt: 0,
        aheadMs: 0,
      }))
      // Whoever gave up waiting left its booking behind: it is taken up, so that none piles up while Redis hangs.
      entry.booking ??= book(entry, id, leaseMs).finally(() => {
        entry.booking = undefined
      })
      return withinSignal(entry.booking, signal)
    },
    size: () => entries.size(),
    close() {
      for (const { limiter } of entries.all()) limiter.stop()
      return link.close()
    },
  }
}

/** Books turns until one comes that nobody may have had before Redis lost what it knew. */
function createBooking(link: RedisLink) {
  const life = watchRedisLife(link.client)

  /** Bottleneck gives up a limiter whose settings are gone from Redis: it is built anew, once. */
  const bookOnce = async (entry: Entry, id: string, leaseMs: number): Promise<number> => {
    try {
      return await entry.limiter.book()
    } catch {
      entry.limiter.stop()
      entry.limiter = createRedisLimiter(link, id, leaseMs)
      return entry.limiter.book()
    }
  }
  return async (entry: Entry, id: string, leaseMs: number): Promise<Turn> => {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const at = await bookOnce(entry, id, leaseMs)
      const startedAt = await life.findStart(toHashTag(id))
      const holdMs = Math.max(MIN_HOLD_MS, entry.aheadMs + 2 * leaseMs)
      entry.lastAt = at
      if (at < startedAt + holdMs) continue
      const aheadMs = tries === 0 ? at - Date.now() : 0
      entry.aheadMs = Math.min(MAX_AHEAD_MS, Math.max(entry.aheadMs, aheadMs))
      return toTurn(at, leaseMs)
    }
    throw new Error('redis has just lost its data')
  }
}

function nameInRedis(limiterId: string): string {
  const [byte = 0] = createHash('sha256').update(limiterId).digest()
  return `{sms-limits-${byte % HASH_TAGS}}:${limiterId}`
}

function toHashTag(nameOfLimiter: string): string {
  return nameOfLimiter.slice(1, nameOfLimiter.indexOf('}'))
}

/** Should this process stand still between its two clocks, a turn is only what is ours whenever it did. */
function toTurn(at: number, leaseMs: number): Turn {
  const before = performance.now()
  const inMs = at - Date.now()
  return { from: performance.now() + inMs, until: before + inMs + leaseMs }
}
