import { findOpening, type OpeningQuestion } from './deliver-window.ts'
import type { QuietPolicy } from './quiet-policy.ts'

/** A limit that a campaign's messages fall under, in messages a minute. */
export interface Limit {
  name: string
  perMinute: number
}

export interface Tightest {
  perMinute: number | null
  name: string | null
}

/** The one that counts; 0 is no limit. */
export function findTightest(limits: readonly Limit[]): Tightest {
  const [tightest] = limits
    .filter(({ perMinute }) => perMinute > 0)
    .toSorted((a, b) => a.perMinute - b.perMinute)
  return tightest ?? { perMinute: null, name: null }
}

const STEP_MINUTES = 15
const MINUTE = 60_000
const MAX_STEPS = (400 * 24 * 60) / STEP_MINUTES

/**
 * When the last of so many messages goes at this pace, with the hours in which nothing goes: to a quarter of an hour.
 * Null where that is over a year away.
 */
export function estimateEnd(
  { messages, perMinute, startAt }: { messages: number; perMinute: number; startAt: Date },
  question: OpeningQuestion,
  quiet: QuietPolicy,
): Date | null {
  let left = messages
  let at = startAt
  for (let step = 0; step < MAX_STEPS && left > 0; step++) {
    const opening = findOpening(question, quiet, at)
    if (opening.kind === 'never') return null
    if (opening.kind === 'at') {
      at = opening.at
      continue
    }
    const minutes = Math.min(STEP_MINUTES, left / perMinute)
    left -= perMinute * STEP_MINUTES
    at = new Date(at.getTime() + minutes * MINUTE)
  }
  return left > 0 ? null : at
}
