export type Limit = { perSecond: number } | { perMinute: number }

/** How a limit is spread evenly. */
export interface Pace {
  /** Between two permits. */
  intervalMs: number
  /** One turn in the shared limiter. */
  leaseMs: number
  permitsPerLease: number
  /** How much later than another a permit may reach the provider without more than one over the limit in any window. */
  spreadMs: number
}

/** Between the sender's timer and the provider's socket times vary by this much. */
const JITTER_MS = 75
/**
 * Short, so that replicas take turns quickly and one that needs two limits at once finds both; long enough that the
 * fastest limit costs the store fifty turns a second.
 */
const LEASE_MS = 20
const SECOND = 1_000
const MINUTE = 60 * SECOND

/** `undefined` for a limit of 0, which is none. */
export function toPace(limit: Limit): Pace | undefined {
  const [count, windowMs] =
    'perSecond' in limit ? [limit.perSecond, SECOND] : [limit.perMinute, MINUTE]
  if (!Number.isFinite(count) || count < 0) throw new Error(`a limit cannot be ${count}`)
  if (count === 0) return undefined

  // A limit by the minute holds by the second too.
  const intervalMs = Math.max(
    slowestInterval(count, windowMs),
    slowestInterval((count * SECOND) / windowMs, SECOND),
  )
  const permitsPerLease = Math.max(1, Math.round(LEASE_MS / intervalMs))
  // Microseconds are as fine as the stores keep it.
  const leaseMs = Math.ceil(permitsPerLease * intervalMs * 1_000) / 1_000
  return { intervalMs, leaseMs, permitsPerLease, spreadMs: Math.max(JITTER_MS, intervalMs) }
}

/**
 * `windowMs / count`, which lets one permit too many into a window as long as none is later than another by more than
 * an interval. Fast limits have intervals shorter than the jitter: they go a little slower instead.
 */
function slowestInterval(count: number, windowMs: number): number {
  return Math.max(windowMs / count, (windowMs + JITTER_MS) / (count + 1))
}
