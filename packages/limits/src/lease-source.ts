/** A span of `performance.now()` in which no other process has permits of the same limiter. */
export interface Turn {
  from: number
  until: number
}

/** Where the replicas take turns. */
export interface LeaseSource {
  /**
   * Takes the next turn of `leaseMs`. It resolves as soon as it is known when that is, which may be some time ahead,
   * and rejects when the store is away or `signal` aborts.
   */
  takeTurn(limiterId: string, leaseMs: number, signal: AbortSignal): Promise<Turn>
}
