import type { AttemptEnding, NotTaken } from './attempt-result.ts'
import { isPermanent } from './attempt-result.ts'
import type { DoubtPolicies } from './in-doubt-policy.ts'
import { doubtPolicyOf, lookUpAt } from './in-doubt-policy.ts'
import type { RetryPolicy } from './retry-delay.ts'
import { retryDelayMs } from './retry-delay.ts'

export interface MessageError {
  code: string
  detail: string
}

/** What happens to a message after an attempt. */
export type NextStep =
  | { kind: 'sent' }
  /** The same worker goes on: at once at another provider, or after a short wait with all of them anew. */
  | { kind: 'next'; afterMs: number; newRound: boolean; possibleDuplicate: boolean }
  | { kind: 'park'; until: Date; reason: string; possibleDuplicate: boolean }
  | { kind: 'fail'; error: MessageError }
  | { kind: 'expire' }
  /** `checkAt`: when the provider is asked; null where nobody can be asked, and only a receipt will tell. */
  | { kind: 'doubt'; checkAt: Date | null; error: MessageError }
  /** Some parts are out and the others never will be. */
  | { kind: 'incomplete'; error: MessageError }

export interface DispatchPolicy {
  retry: RetryPolicy
  doubt: DoubtPolicies
}

/** A longer wait frees the worker's slot: the message is parked. */
const SHORT_WAIT_MS = 1_000

export interface AttemptContext {
  messageType: string
  expiresAt: Date
  /** All so far, this one included: the wait grows with them. */
  attempts: number
  /** Those that count against the maximum, this one included where it does. */
  countedAttempts: number
  /** Providers that were not tried since the message was taken up. */
  providersLeft: number
  /** Whether this provider can be asked what became of a submission. */
  canLookUp: boolean
  /** Parts that were taken by this or an earlier attempt: then no other provider may have it. */
  partsTaken: boolean
  now: Date
  /** In [0, 1). */
  random: number
}

export function decideNext(
  result: AttemptEnding,
  policy: DispatchPolicy,
  context: AttemptContext,
): NextStep {
  switch (result.kind) {
    case 'accepted':
      return { kind: 'sent' }
    case 'in_doubt':
      return afterDoubt(result, policy, context)
    case 'absent':
      return afterAbsent(policy, context)
    case 'partial':
      return afterNotTaken(result.rest, policy, { ...context, partsTaken: true })
    case 'unsent':
    case 'refused':
    case 'throttled':
    case 'unreachable':
      return afterNotTaken(result, policy, context)
  }
}

function afterDoubt(
  { code, detail }: { code: string; detail: string },
  { doubt }: DispatchPolicy,
  { messageType, providersLeft, canLookUp, partsTaken, now }: AttemptContext,
): NextStep {
  const error = { code, detail }
  if (canLookUp) return { kind: 'doubt', checkAt: lookUpAt(now, 0) ?? null, error }
  const mayGoOn = doubtPolicyOf(doubt, messageType) === 'failover' && !partsTaken
  if (mayGoOn && providersLeft > 0) return goOn({ possibleDuplicate: true })
  return { kind: 'doubt', checkAt: null, error }
}

/** Asked twice, the provider knows nothing of it: it was never taken, and may go again. */
function afterAbsent(
  { retry }: DispatchPolicy,
  { now, expiresAt, countedAttempts }: AttemptContext,
): NextStep {
  if (countedAttempts < retry.maxAttempts)
    return park(now, 0, 'the provider never got it', expiresAt)
  const detail = 'no attempt reached a provider'
  return { kind: 'fail', error: { code: 'attempts-exhausted', detail } }
}

function afterNotTaken(
  outcome: Exclude<NotTaken, { kind: 'in_doubt' }>,
  { retry }: DispatchPolicy,
  context: AttemptContext,
): NextStep {
  const { now, expiresAt, attempts, providersLeft, partsTaken, random } = context
  if (outcome.kind === 'unsent') return park(now, 0, 'not sent in time', expiresAt)
  if (isOver(outcome, retry, context)) {
    const error = { code: outcome.code, detail: outcome.detail }
    return partsTaken ? { kind: 'incomplete', error } : { kind: 'fail', error }
  }
  if (providersLeft > 0 && !partsTaken) return goOn({})
  const asked = outcome.kind === 'throttled' ? (outcome.retryAfterMs ?? 0) : 0
  const waitMs = Math.max(asked, retryDelayMs(retry, attempts - 1, random))
  const isShort = waitMs <= SHORT_WAIT_MS && now.getTime() + waitMs < expiresAt.getTime()
  if (isShort) return goOn({ afterMs: waitMs, newRound: true })
  return park(now, waitMs, PARK_REASON[outcome.kind], expiresAt)
}

/** A refusal that nothing will change, or one too many; `throttled` and `unreachable` end with the message's time. */
function isOver(
  outcome: Exclude<NotTaken, { kind: 'in_doubt' }>,
  { maxAttempts }: RetryPolicy,
  { countedAttempts }: AttemptContext,
): boolean {
  return outcome.kind === 'refused' && (isPermanent(outcome) || countedAttempts >= maxAttempts)
}

const PARK_REASON = {
  refused: 'every provider refused it',
  throttled: 'every provider is at its limit',
  unreachable: 'no provider can be reached',
} as const

function goOn(step: Partial<Extract<NextStep, { kind: 'next' }>>): NextStep {
  return { kind: 'next', afterMs: 0, newRound: false, possibleDuplicate: false, ...step }
}

function park(now: Date, waitMs: number, reason: string, expiresAt: Date): NextStep {
  const until = new Date(now.getTime() + waitMs)
  if (until >= expiresAt) return { kind: 'expire' }
  return { kind: 'park', until, reason, possibleDuplicate: false }
}
