import { askedFor, type CallbackOutcome } from './callback-delivery.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

/** How a receiver does: what it fails at is its own, so it is left alone for longer and longer. */
export interface CallbackHealth {
  /** In a row. */
  failures: number
  failingSince: Date | null
  /** Nothing is handed to it before. */
  pausedUntil: Date | null
}

export const WELL: CallbackHealth = { failures: 0, failingSince: null, pausedUntil: null }

export type HealthChange =
  { kind: 'health'; health: CallbackHealth } | { kind: 'disable'; reason: string }

const FAILURES_TO_PAUSE = 5
const FIRST_PAUSE_MS = SECOND
const LONGEST_PAUSE_MS = 5 * MINUTE
const FAILURES_TO_DISABLE = 10
const DISABLE_AFTER_MS = 5 * DAY

/** @param random - a number in [0, 1). */
export function changeHealth(
  health: CallbackHealth,
  outcome: CallbackOutcome,
  now: Date,
  random: number,
): HealthChange {
  if (outcome.kind === 'delivered') return { kind: 'health', health: WELL }
  if (outcome.kind === 'gone') return { kind: 'disable', reason: 'it answered 410 Gone' }
  const failures = health.failures + 1
  const failingSince = health.failingSince ?? now
  const failingMs = now.getTime() - failingSince.getTime()
  if (failures >= FAILURES_TO_DISABLE && failingMs >= DISABLE_AFTER_MS) {
    return { kind: 'disable', reason: 'it failed for 5 days' }
  }
  const pauseMs = Math.max(pauseAfter(failures, random), askedFor(outcome))
  const until = Math.max(now.getTime() + pauseMs, health.pausedUntil?.getTime() ?? 0)
  const pausedUntil = until > now.getTime() ? new Date(until) : null
  return { kind: 'health', health: { failures, failingSince, pausedUntil } }
}

/** A single failure may be the event's fault, so the first few cost the others nothing. */
function pauseAfter(failures: number, random: number): number {
  if (failures < FAILURES_TO_PAUSE) return 0
  const doublings = Math.min(failures - FAILURES_TO_PAUSE, 20)
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** doublings, LONGEST_PAUSE_MS)
  return Math.round((pauseMs * (1 + random)) / 2)
}
