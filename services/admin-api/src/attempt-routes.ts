import { Router } from 'express'
import type { MessageAttemptsResponse } from '@sms-gateway/contracts/message-attempts'
import type { Db } from '@sms-gateway/db/connect'
import {
  type AttemptTrace,
  type CallbackTrace,
  isMessageOf,
  listAttempts,
  listCallbacksOf,
  listReceipts,
  type ReceiptTrace,
} from '@sms-gateway/db/message-traces'
import type { Vault } from '@sms-gateway/db/vault'
import { MessageId } from '@sms-gateway/domain/ids'
import { redactReceipt } from '@sms-gateway/domain/redact-receipt'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { type Audited, subjectFromPath } from '@sms-gateway/service-kit/audited'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import { seesOperating, withoutReason } from './operators-words.ts'

export interface AttemptDeps {
  db: Db
  vault: Vault
  authenticate: Authenticate
  audited: Audited
}

const ATTEMPTS = '/api/v1/sms/messages/:id/attempts'

/** What was done for a message: each submission, what came back, who was told. */
export function attemptRoutes({ db, vault, authenticate, audited }: AttemptDeps): Router {
  const mayRead = requireScope(authenticate, 'read')
  const reads = audited('message.read', subjectFromPath('message'))
  return Router().get(ATTEMPTS, mayRead, reads, async (req, res) => {
    const id = MessageId.safeParse(String(req.params['id']).toLowerCase()).data
    if (id === undefined || !(await isMessageOf(db, id, ownerOf(clientOf(res))))) {
      throw new HttpProblem('message-not-found', 'There is no such message.')
    }
    const [attempts, receipts, callbacks] = await Promise.all([
      listAttempts(db, id),
      listReceipts(db, vault, id),
      listCallbacksOf(db, id),
    ])
    const operates = seesOperating(clientOf(res))
    const answer: MessageAttemptsResponse = {
      attempts: attempts
        .map(toAttempt)
        .map((each) => (operates ? each : { ...each, outages: each.outages.map(withoutReason) })),
      receipts: receipts.map(toReceipt),
      callbacks: callbacks.map(toCallback),
    }
    res.json(answer)
  })
}

function toAttempt(attempt: AttemptTrace): MessageAttemptsResponse['attempts'][number] {
  const { number, provider, state, checks, plan, outages } = attempt
  return {
    number,
    provider,
    state,
    opened_at: attempt.openedAt.toISOString(),
    settled_at: attempt.settledAt?.toISOString() ?? null,
    error_code: attempt.errorCode,
    error_detail: attempt.errorDetail,
    check_at: attempt.checkAt?.toISOString() ?? null,
    checks,
    plan: plan && { ...plan, at: plan.at.toISOString() },
    outages: outages.map((outage) => ({ ...outage, at: outage.at.toISOString() })),
  }
}

function toReceipt(receipt: ReceiptTrace): MessageAttemptsResponse['receipts'][number] {
  const { provider, attempt, part, parts, status, detail, body } = receipt
  return {
    provider,
    provider_message_id: receipt.reference,
    attempt,
    part,
    parts,
    status,
    error_code: receipt.errorCode,
    detail,
    occurred_at: receipt.occurredAt?.toISOString() ?? null,
    received_at: receipt.receivedAt.toISOString(),
    fields: body === null ? null : redactReceipt(body),
  }
}

function toCallback(callback: CallbackTrace): MessageAttemptsResponse['callbacks'][number] {
  const { type, state, attempts, error } = callback
  return {
    event_id: callback.eventId,
    callback_id: callback.callbackId,
    type,
    occurred_at: callback.occurredAt.toISOString(),
    state,
    attempts,
    error,
    settled_at: callback.settledAt?.toISOString() ?? null,
  }
}
