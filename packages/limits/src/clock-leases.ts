import type { LeaseSource } from './lease-source.ts'
import { withinSignal } from './within-signal.ts'

/**
 * Books the next `minTimeMs` of a limiter and answers how long it is until then, by the store's own clock:
 * `next_at = greatest(next_at, now) + minTimeMs`, in one statement that locks the limiter's row before it reads the clock.
 */
export type BookTurn = (limiterId: string, minTimeMs: number) => Promise<number>

/** Turns by a clock that all replicas share, as PostgreSQL's. */
export function createClockLeases(bookTurn: BookTurn): LeaseSource {
  return {
    async takeTurn(limiterId, leaseMs, signal) {
      const askedAt = performance.now()
      const waitMs = await withinSignal(bookTurn(limiterId, leaseMs), signal)
      // The store read its clock between the question and the answer. What is ours for certain is what both agree on.
      return { from: performance.now() + waitMs, until: askedAt + waitMs + leaseMs }
    },
  }
}
