import type { CallbackClient } from '@sms-gateway/callbacks/callback-client'
import { signCallback } from '@sms-gateway/callbacks/sign-callback'
import type { DueCallback } from '@sms-gateway/db/claim-callback-events'
import type { CallbackSettlement } from '@sms-gateway/db/settle-callback-events'
import {
  type CallbackOutcome,
  type CallbackStep,
  decideCallback,
} from '@sms-gateway/domain/callback-delivery'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { makePayload, type PayloadDeps } from './callback-payload.ts'

export interface DeliverDeps extends PayloadDeps {
  client: CallbackClient
  logger: Logger
  now: () => Date
  random: () => number
}

export interface Delivery {
  settlement: CallbackSettlement
  /** Undefined where nobody was asked: the receiver is not to blame. */
  outcome: CallbackOutcome | undefined
}

/** One try. No connection to the database is held during the call. Never rejects. */
export async function deliverCallback(deps: DeliverDeps, due: DueCallback): Promise<Delivery> {
  const { client, now } = deps
  const payload = await tryPayload(deps, due)
  if (payload.kind === 'gone')
    return unasked(due, { state: 'dropped', error: 'erased', now: now() })
  if (payload.kind === 'broken') {
    const step = decideCallback(payload.outcome, due, now(), deps.random())
    return unasked(due, { ...toState(step), error: 'internal', now: now() })
  }
  const { body } = payload
  const at = now()
  const startedAt = performance.now()
  const headers = signCallback({ id: due.eventId, at, body }, due.secrets)
  const outcome = await client.post({ url: due.url, headers, body })
  const latencyMs = Math.round(performance.now() - startedAt)
  const settledAt = now()
  const step = decideCallback(outcome, due, settledAt, deps.random())
  const attempt = { at, latencyMs, status: 'status' in outcome ? outcome.status : null }
  const error = errorOf(outcome)
  return { settlement: { due, ...toState(step), error, attempt, now: settledAt }, outcome }
}

type Payload =
  { kind: 'made'; body: string } | { kind: 'gone' } | { kind: 'broken'; outcome: CallbackOutcome }

async function tryPayload(deps: DeliverDeps, due: DueCallback): Promise<Payload> {
  try {
    const body = await makePayload(deps, due)
    return body === undefined ? { kind: 'gone' } : { kind: 'made', body }
  } catch (err) {
    deps.logger.error({ err, eventId: due.eventId, type: due.type }, 'callback payload')
    return { kind: 'broken', outcome: { kind: 'unreachable', error: 'internal' } }
  }
}

function unasked(
  due: DueCallback,
  rest: { state: CallbackSettlement['state']; dueAt?: Date | null; error: string; now: Date },
): Delivery {
  return { settlement: { due, dueAt: null, attempt: null, ...rest }, outcome: undefined }
}

function toState(step: CallbackStep): Pick<CallbackSettlement, 'state' | 'dueAt'> {
  switch (step.kind) {
    case 'delivered':
      return { state: 'delivered', dueAt: null }
    case 'given-up':
      return { state: 'failed', dueAt: null }
    case 'retry':
      return { state: 'pending', dueAt: step.at }
  }
}

/** A short word, as the producer is shown it. */
function errorOf(outcome: CallbackOutcome): string | null {
  switch (outcome.kind) {
    case 'delivered':
      return null
    case 'gone':
    case 'refused':
      return outcome.status >= 300 && outcome.status < 400 ? 'redirect' : `http-${outcome.status}`
    case 'unreachable':
      return outcome.error
  }
}
