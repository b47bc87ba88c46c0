import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import type { GivenBack } from '@sms-gateway/db/give-back'
import type { NextStep } from '@sms-gateway/domain/decide-next'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { AttemptWriter } from './attempt-writer.ts'
import type { Verdict } from './gates.ts'

export interface StayDeps {
  writer: AttemptWriter
  now: () => Date
}

export type DispatchResult =
  | { kind: NextStep['kind']; provider: ProviderName }
  | { kind: 'ended' | 'parked'; reason: string }
  /** The message is not this worker's any more: somebody else goes on with it. */
  | { kind: 'lost' }

/** What the gates did not let pass ends, or waits for their time; while the gateway is paused nobody rings for it. */
export function turnAway(
  deps: StayDeps,
  message: ClaimedMessage,
  verdict: Exclude<Verdict, { kind: 'go' }>,
): Promise<DispatchResult> {
  switch (verdict.kind) {
    case 'end':
      return end(deps, message, verdict)
    case 'hold':
      return wait(deps, message, { ...verdict, status: 'held' })
    case 'stand-still':
      return wait(deps, message, { until: deps.now(), reason: 'gateway-paused', status: 'queued' })
  }
}

/** Its recipient has had as many as they may: it waits for the window to have room, or ends where that is too late. */
export function holdForTurn(
  deps: StayDeps,
  message: ClaimedMessage,
  until: Date,
): Promise<DispatchResult> {
  if (until < message.expiresAt) {
    return wait(deps, message, { until, reason: 'frequency-cap', status: 'held' })
  }
  const detail = 'SMS_FREQUENCY_CAPS leaves its recipient no room before expires_at'
  const error = { code: 'frequency-cap', detail }
  return end(deps, message, { status: 'suppressed', error })
}

async function end(
  { writer, now }: StayDeps,
  { id }: ClaimedMessage,
  { status, error }: Pick<GivenBack, 'status' | 'error'>,
): Promise<DispatchResult> {
  const ended = { messageId: id, status, notBefore: null, holdReason: null, error }
  await writer.giveBack({ ...ended, tell: true, at: now() })
  return { kind: 'ended', reason: error?.code ?? status }
}

/** Parks the message: its place is free, and the scheduler rings when the time has come. */
export async function wait(
  deps: StayDeps,
  message: ClaimedMessage,
  { until, reason, status }: { until: Date; reason: string; status: 'queued' | 'held' },
): Promise<DispatchResult> {
  // At its end it is rung for as well, so that it ends in time; one of a stopped campaign may be past it.
  const { expiresAt } = message
  const notBefore = until < expiresAt || expiresAt <= deps.now() ? until : expiresAt
  const parked = { messageId: message.id, status, notBefore, holdReason: reason, error: null }
  await deps.writer.giveBack({ ...parked, tell: true, at: deps.now() })
  return { kind: 'parked', reason }
}
