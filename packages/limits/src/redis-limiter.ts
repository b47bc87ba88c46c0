import Bottleneck from 'bottleneck'
import type { RedisLink } from './redis-link.ts'

/** One limiter as this process sees it; the truth is in Redis. */
export interface RedisLimiter {
  /** Books the next turn and answers its `Date.now()`. One call at a time. */
  book(): Promise<number>
  stop(): void
}

/** Idle limiters vanish from Redis; an absent one is as good as one whose last turn has passed. */
const KEPT_IDLE_MS = 60_000
/** Bottleneck's heartbeat serves reservoirs and slots, which we do not use; it would cost a script a limiter. */
const NEVER_MS = 2 ** 31 - 1
const CLIENT_KEPT_MS = 60 * 60_000
/** The job's entry in Redis, in case its process dies before it runs. */
const JOB_KEPT_MS = 60_000

export function createRedisLimiter(
  { connection, awaited }: RedisLink,
  id: string,
  leaseMs: number,
): RedisLimiter {
  const bottleneck = new Bottleneck({
    id,
    connection,
    datastore: 'ioredis',
    minTime: leaseMs,
    timeout: KEPT_IDLE_MS,
    heartbeatInterval: NEVER_MS,
    clientTimeout: CLIENT_KEPT_MS,
  })
  let fail: (err: unknown) => void = () => undefined
  // A failure after the job was queued is told here alone.
  bottleneck.on('error', (err) => fail(err))
  bottleneck.ready().catch(() => undefined) // `schedule` tells of it

  return {
    async book() {
      try {
        return await new Promise<number>((resolve, reject) => {
          awaited.set(id, resolve)
          fail = reject
          // The booking is all that we want: nothing runs when the turn comes.
          bottleneck.schedule({ expiration: JOB_KEPT_MS }, () => Promise.resolve()).catch(reject)
        })
      } finally {
        awaited.delete(id)
      }
    },
    stop() {
      bottleneck.stop({ dropWaitingJobs: true }).catch(() => undefined)
      // It answers nothing where the connection is shared, whatever its types say.
      void bottleneck.disconnect()
    },
  }
}
