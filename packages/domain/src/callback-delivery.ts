/** What one try to hand an event to its receiver amounted to. */
export type CallbackOutcome =
  | { kind: 'delivered'; status: number }
  | { kind: 'gone'; status: number }
  /** Any other answer: a redirect is one too, for it is not followed. */
  | { kind: 'refused'; status: number; retryAfterMs?: number }
  /** No answer; `error` is a short word such as `timeout`, never what the receiver said. */
  | { kind: 'unreachable'; error: string }

/** For so long an event is tried. */
export const CALLBACK_LIFE_MS = 24 * 60 * 60_000

export type CallbackStep =
  | { kind: 'delivered' }
  | { kind: 'retry'; at: Date }
  /** Tried for as long as it may be, or nobody wants it any more. */
  | { kind: 'given-up' }

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Standard Webhooks: tries 0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h after the event. */
const GAPS_MS = [
  5 * SECOND,
  5 * MINUTE,
  25 * MINUTE,
  1.5 * HOUR,
  3 * HOUR,
  5 * HOUR,
  4 * HOUR,
  6 * HOUR,
  4 * HOUR,
]
const LAST_GAP_MS = 4 * HOUR
const SHORTEST_GAP_MS = SECOND

export interface CallbackTry {
  /** Of the event, 1 for the first. */
  round: number
  /** When it is given up. */
  expiresAt: Date
}

/** What becomes of the event. Full jitter; the last try is at its end. @param random - a number in [0, 1). */
export function decideCallback(
  outcome: CallbackOutcome,
  { round, expiresAt }: CallbackTry,
  now: Date,
  random: number,
): CallbackStep {
  if (outcome.kind === 'delivered') return { kind: 'delivered' }
  if (outcome.kind === 'gone' || now >= expiresAt) return { kind: 'given-up' }
  const gapMs = GAPS_MS[round - 1] ?? LAST_GAP_MS
  const waitMs = Math.max(SHORTEST_GAP_MS, Math.round(random * gapMs), askedFor(outcome))
  return { kind: 'retry', at: new Date(Math.min(now.getTime() + waitMs, expiresAt.getTime())) }
}

/** `Retry-After`. */
export function askedFor(outcome: CallbackOutcome): number {
  return outcome.kind === 'refused' ? (outcome.retryAfterMs ?? 0) : 0
}
