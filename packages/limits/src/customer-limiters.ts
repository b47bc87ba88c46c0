import { createBoundedMap } from './bounded-map.ts'
import type { LimiterOptions } from './limiter.ts'
import { createLimiter } from './limiter.ts'
import type { Limiter } from './permit.ts'

interface CustomerLimitersOptions {
  /** What they have in common; the customer's id is added to `id`. */
  limit: LimiterOptions
  /** Kept in memory although idle. */
  max?: number
}

const DEFAULT_MAX = 1_000

/** A limiter for each customer, made at the first message and dropped when idle. */
export function createCustomerLimiters({ limit, max = DEFAULT_MAX }: CustomerLimitersOptions) {
  const limiters = createBoundedMap<Limiter>({
    isIdle: (limiter) => limiter.isIdle(),
    max,
  })
  return {
    get: (customerId: string): Limiter =>
      limiters.get(customerId, () => createLimiter({ ...limit, id: `${limit.id}:${customerId}` })),
    size: (): number => limiters.size(),
  }
}
