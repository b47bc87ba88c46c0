import type { MessageStatus } from './message-status.ts'

/** Ends that say of a message that nobody took it; `undelivered` is also what becomes of one that was never taken whole. */
export const UNTAKEN_ENDS = ['failed', 'cancelled', 'expired', 'suppressed', 'undelivered'] as const
export type UntakenEnd = (typeof UNTAKEN_ENDS)[number]

/** What providers have of a message, whatever its newest attempt says. */
export const TAKEN = ['nothing', 'parts', 'maybe'] as const
export type Taken = (typeof TAKEN)[number]

export interface TrueEnd {
  status: MessageStatus
  /** Joined to the reason of the end, so that the timeline says why it is not what was asked for. */
  note: string | null
}

/**
 * Between two providers a message may be told to end: it is cancelled, too late, opted out of, refused by the second. That
 * nothing was sent is then said only where it is so. An operator has looked at the provider, and may say that it did not arrive.
 */
export function endTruly(
  end: UntakenEnd,
  taken: Taken,
  saidBy: 'gateway' | 'operator' = 'gateway',
): TrueEnd {
  switch (taken) {
    case 'nothing':
      return { status: end, note: null }
    case 'parts':
      return { status: 'undelivered', note: end === 'undelivered' ? null : PARTS }
    case 'maybe':
      return { status: saidBy === 'operator' ? 'undelivered' : 'unknown', note: MAYBE }
  }
}

const PARTS = 'some of its parts are out'
const MAYBE = 'an earlier submission of it may have been taken'

export function isUntakenEnd(status: MessageStatus): status is UntakenEnd {
  return UNTAKEN_ENDS.some((end) => end === status)
}
