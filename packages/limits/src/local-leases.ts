import type { LeaseSource } from './lease-source.ts'

const SWEEP_AT = 1_000

/** Turns for the limiters of one process alone. */
export function createLocalLeases(): LeaseSource {
  const nextAt = new Map<string, number>()
  let sweepAt = SWEEP_AT

  const sweep = (now: number) => {
    for (const [id, next] of nextAt) if (next <= now) nextAt.delete(id)
    sweepAt = Math.max(SWEEP_AT, 2 * nextAt.size)
  }
  return {
    takeTurn(limiterId, leaseMs) {
      const now = performance.now()
      if (nextAt.size >= sweepAt) sweep(now)
      const from = Math.max(now, nextAt.get(limiterId) ?? 0)
      nextAt.set(limiterId, from + leaseMs)
      return Promise.resolve({ from, until: from + leaseMs })
    },
  }
}
