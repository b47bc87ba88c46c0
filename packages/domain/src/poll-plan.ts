const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** design.md, 2.4: 15 s, 30 s, 1, 2, 5, 10, 30 min, then hourly to 26 h. */
const FIRST_WAITS = [
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
]
const LAST_POLL_AGE = 26 * HOUR

/**
 * When to ask next for a receipt that a provider does not send.
 * @param polls - how often it was asked before. `undefined` when it is not worth asking any more.
 */
export function nextPollAt(polls: number, submittedAt: Date, now: Date): Date | undefined {
  const next = new Date(now.getTime() + (FIRST_WAITS[polls] ?? HOUR))
  return next.getTime() - submittedAt.getTime() > LAST_POLL_AGE ? undefined : next
}
