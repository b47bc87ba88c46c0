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

export interface PollPlan {
  /** Before the first time, the second ... */
  waits: readonly number[]
  /** Before each further one. */
  then: number
  lastAge: number
}

const ASKED_FOR: PollPlan = { waits: FIRST_WAITS, then: HOUR, lastAge: LAST_POLL_AGE }

/** For receipts that are sent and may be lost: at 10 min, 1 h and 6 h, then every 12 h to 3 days. */
export const FALLBACK: PollPlan = {
  waits: [10 * MINUTE, 50 * MINUTE, 5 * HOUR],
  then: 12 * HOUR,
  lastAge: 72 * HOUR,
}

/**
 * When to ask next for a receipt that a provider does not send.
 * @param polls - how often it was asked before. `undefined` when it is not worth asking any more.
 */
export function nextPollAt(
  polls: number,
  submittedAt: Date,
  now: Date,
  { waits, then, lastAge }: PollPlan = ASKED_FOR,
): Date | undefined {
  const next = new Date(now.getTime() + (waits[polls] ?? then))
  return next.getTime() - submittedAt.getTime() > lastAge ? undefined : next
}
