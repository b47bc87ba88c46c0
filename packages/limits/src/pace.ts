export type Limit = { perSecond: number } | { perMinute: number }

/** How a limit is spread evenly. */
export interface Pace {
  /** Between two permits. */
  intervalMs: number
  /** One turn in the shared limiter: whole milliseconds, or Bottleneck's scripts fail. */
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
const MIN_LEASE_MS = 15
const MAX_LEASE_MS = 25
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
  const permitsPerLease = chooseLeaseSize(intervalMs)
  const leaseMs = Math.ceil(permitsPerLease * intervalMs)
  const paced = leaseMs / permitsPerLease
  return { intervalMs: paced, leaseMs, permitsPerLease, spreadMs: Math.max(JITTER_MS, paced) }
}

/**
 * `windowMs / count`, which lets one permit too many into a window as long as none is later than another by more than
 * an interval. Fast limits have intervals shorter than the jitter: they go a little slower instead.
 */
function slowestInterval(count: number, windowMs: number): number {
  return Math.max(windowMs / count, (windowMs + JITTER_MS) / (count + 1))
}

/** The one that loses least by whole milliseconds. */
function chooseLeaseSize(intervalMs: number): number {
  const loss = (permits: number) => Math.ceil(permits * intervalMs) / permits
  let best = Math.max(1, Math.ceil(MIN_LEASE_MS / intervalMs))
  for (let permits = best; permits * intervalMs <= MAX_LEASE_MS; permits++) {
    if (loss(permits) < loss(best)) best = permits
  }
  return best
}
