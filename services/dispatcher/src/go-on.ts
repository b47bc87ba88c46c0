import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import { type AttemptResult, isCounted } from '@sms-gateway/domain/attempt-result'
import { decideNext, type DispatchPolicy } from '@sms-gateway/domain/decide-next'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { RouteState } from './route-message.ts'
import type { DispatchResult } from './stay-behind.ts'
import { type PlannedAttempt, settleAttempt, type SubmitDeps } from './submit-attempt.ts'

export interface GoOnDeps extends SubmitDeps {
  restingUntil: Map<ProviderName, Date>
  policy: DispatchPolicy
  random: () => number
}

/** Says to the loop of `dispatchMessage` that the message is still ours, and when to go on with it. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain'
  readonly afterMs: number

  constructor(afterMs: number) {
    super('try again')
    this.afterMs = afterMs
  }
}

/** What is known of a message while this worker has it. */
export interface Progress extends RouteState {
  message: ClaimedMessage
  tried: readonly ProviderName[]
}

/** What follows of the answer, settled with it: an end, a wait, a doubt, or the next provider by {@link TryAgain}. */
export async function goOn(
  deps: GoOnDeps,
  progress: Progress,
  attempt: PlannedAttempt,
  { result, others }: { result: AttemptResult; others: number },
): Promise<DispatchResult> {
  const { message, provider } = attempt
  const takenNow = 'taken' in result ? result.taken.map(({ part }) => part) : []
  const takenParts = [...message.takenParts, ...takenNow]
  const countedAttempts = message.countedAttempts + (isCounted(result) ? 1 : 0)
  const step = decideNext(result, deps.policy, {
    messageType: message.messageType,
    expiresAt: message.expiresAt,
    attempts: attempt.key.number,
    countedAttempts,
    providersLeft: others,
    canLookUp: provider.lookUp !== undefined,
    partsTaken: takenParts.length > 0,
    now: deps.now(),
    random: deps.random(),
  })
  const moved = await settleAttempt(deps, attempt, result, step)
  if (step.kind !== 'next') return { kind: step.kind, provider: provider.name }
  if (!moved) return { kind: 'lost' }
  progress.message = {
    ...message,
    attemptNumber: attempt.key.number,
    countedAttempts,
    takenParts,
    pinnedProvider: takenParts.length > 0 ? provider.name : message.pinnedProvider,
  }
  progress.tried = step.newRound ? [] : [...progress.tried, provider.name]
  progress.last = provider.name
  progress.lastWasAbsent = false
  throw new TryAgain(step.afterMs)
}

/** A provider that says when to come back is left alone until then, by this whole process. */
export function rest(
  { restingUntil, now }: GoOnDeps,
  name: ProviderName,
  result: AttemptResult,
): void {
  if (result.kind !== 'throttled' || result.retryAfterMs === undefined) return
  restingUntil.set(name, new Date(now().getTime() + result.retryAfterMs))
}
