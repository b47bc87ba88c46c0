export interface RetryPolicy {
  maxAttempts: number
  baseMs: number
  maxMs: number
}

/**
 * Exponential back-off with full jitter.
 * @param round - 0 for the first wait. @param random - a number in [0, 1).
 */
export function retryDelayMs(
  { baseMs, maxMs }: RetryPolicy,
  round: number,
  random: number,
): number {
  return Math.round(random * Math.min(maxMs, baseMs * 2 ** Math.min(round, 30)))
}
