import type { LeaseSource } from './lease-source.ts'
import type { Limit } from './pace.ts'
import { toPace } from './pace.ts'
import { PacedLimiter } from './paced-limiter.ts'
import type { Limiter, LimitListener } from './permit.ts'

export type LimiterOptions = Limit & {
  id: string
  leases: LeaseSource
  /** A permit is answered this long before its `at`, so that the attempt can be committed meanwhile. */
  leadMs?: number
  listener?: LimitListener
}

const DEFAULT_LEAD_MS = 40

/**
 * A limit that holds over all replicas that share `leases`, evenly paced. In any rolling window of its own length, and
 * in any second, at most one permit over the limit reaches the provider. The hosts' clocks must agree (NTP).
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { id, leases, leadMs = DEFAULT_LEAD_MS, listener = {} } = options
  const pace = toPace(options)
  return pace ? new PacedLimiter({ id, pace, leases, leadMs, listener }) : createNoLimiter(id)
}

function createNoLimiter(id: string): Limiter {
  return {
    id,
    intervalMs: 0,
    leadMs: 0,
    take: () =>
      Promise.resolve({
        kind: 'permit',
        at: performance.now(),
        until: Infinity,
        giveBack: () => undefined,
      }),
    estimate: () => 0,
    sendAway: () => ({ kind: 'wait', forMs: 0 }),
    isIdle: () => true,
  }
}
