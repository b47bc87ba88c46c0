import { toMessageResponse } from '@sms-gateway/contracts/message-response'
import type { SendRequest } from '@sms-gateway/contracts/send-request'
import type { Db } from '@sms-gateway/db/connect'
import type { Stored } from '@sms-gateway/db/insert-unrepeated'
import type { AcceptedMessage, IdempotentAnswer } from '@sms-gateway/db/seal-messages'
import type { Vault } from '@sms-gateway/db/vault'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { Message, MessageEvent, NewMessage } from '@sms-gateway/domain/message'
import { checkMetadata } from './check-metadata.ts'
import { findRepeated, fingerprintOf, type Repeated } from './find-repeated.ts'
import { prepareRequest, type RequestContext } from './prepare-request.ts'
import { BUDGET_EXHAUSTED, type Refused } from './refusal.ts'

export interface AcceptDeps extends RequestContext {
  db: Db
  vault: Vault
  now: () => Date
  /** Commits the message with others that came together, and rings for it. */
  store: (accepted: AcceptedMessage) => Promise<Stored>
}

export interface SendCommand {
  clientId: string
  path: string
  request: SendRequest
  /** As it came, for telling a repeat from another request under the same key. */
  body: unknown
  idempotencyKey: string | undefined
  /** The inbound text that it answers. */
  inReplyTo?: string
}

export type AcceptResult =
  | { kind: 'accepted'; response: string }
  | Refused
  | Repeated
  | { kind: 'in-progress' }
  /** What a hard budget has room for is known in a few seconds. */
  | { kind: 'counting' }
  /** The same text went to the same number a moment ago, as this message. */
  | { kind: 'duplicate'; first: MessageId }

const ACCEPTED_STATUS = 202

/** Row first, job second: the row is the promise to the producer; the job only says "look now". */
export async function acceptMessage(deps: AcceptDeps, command: SendCommand): Promise<AcceptResult> {
  const now = deps.now()
  // A repeat is no further one-time password, and must not be counted as one.
  const repeated = deps.checkFraud && (await findRepeated(deps, command, now))
  if (repeated) return repeated
  const prepared =
    checkMetadata(command.request) ?? (await prepareRequest(deps, { ...command, now }))
  if (prepared.kind === 'refused') return (await findRepeated(deps, command, now)) ?? prepared

  const { message } = prepared
  const { inReplyTo } = command
  const named = inReplyTo === undefined ? {} : { inReplyTo }
  const response = toResponse(message, inReplyTo)
  const stored = await deps.store({ message, ...named, ...toKept(deps, command, response) })
  if (stored.kind === 'stored') return { kind: 'accepted', response }
  // What is in the way may be this very request, under the same key.
  return (await findRepeated(deps, command, now)) ?? toResult(stored)
}

function toResult(stored: Exclude<Stored, { kind: 'stored' }>): AcceptResult {
  switch (stored.kind) {
    case 'key-used':
      return { kind: 'in-progress' }
    case 'unaffordable':
      return BUDGET_EXHAUSTED
    case 'counting':
      return { kind: 'counting' }
    case 'repeats':
      return { kind: 'duplicate', first: stored.first }
  }
}

function toKept(
  { vault }: Pick<AcceptDeps, 'vault'>,
  { path, body, idempotencyKey: key }: SendCommand,
  response: string,
): { answer?: IdempotentAnswer } {
  if (key === undefined) return {}
  const fingerprint = fingerprintOf(vault, body)
  return { answer: { path, key, fingerprint, status: ACCEPTED_STATUS, response } }
}

function toResponse(message: NewMessage, inReplyTo: string | undefined): string {
  const response = toMessageResponse(asAccepted(message))
  return JSON.stringify(
    inReplyTo === undefined ? response : { ...response, in_reply_to: inReplyTo },
  )
}

/** As its row reads right after the commit. */
function asAccepted(message: NewMessage): Message {
  // Field by field: Node 20 takes 27 µs to spread an object of this size, and 0.1 µs to write it out.
  return {
    id: message.id,
    clientId: message.clientId,
    status: message.status,
    lane: message.lane,
    channel: message.channel,
    messageType: message.messageType,
    customerId: message.customerId,
    phone: message.phone,
    country: message.country,
    text: message.text,
    metadata: message.metadata,
    mediaUrls: message.mediaUrls,
    encoding: message.encoding,
    segments: message.segments,
    costMilli: message.costMilli,
    templateCode: message.templateCode,
    templateVersion: message.templateVersion,
    variant: message.variant,
    experiment: message.experiment,
    scheduleAt: message.scheduleAt,
    notBefore: message.notBefore,
    holdReason: message.holdReason,
    expiresAt: message.expiresAt,
    warnings: message.warnings,
    createdAt: message.createdAt,
    campaignId: message.campaignId,
    batchId: message.batchId,
    retryOf: message.retryOf,
    provider: null,
    providerMessageId: null,
    attempts: 0,
    inDoubt: false,
    possibleDuplicate: false,
    pinnedProvider: null,
    error: message.error,
    updatedAt: message.createdAt,
    events: listFirstEvents(message),
  }
}

function listFirstEvents({ createdAt: at, status, error, holdReason }: NewMessage): MessageEvent[] {
  const reason = { errorCode: error?.code ?? null, detail: error?.detail ?? holdReason }
  return [toEvent(at, 'accepted', { errorCode: null, detail: null }), toEvent(at, status, reason)]
}

function toEvent(
  at: Date,
  status: MessageEvent['status'],
  { errorCode, detail }: Pick<MessageEvent, 'errorCode' | 'detail'>,
): MessageEvent {
  return { at, status, provider: null, providerMessageId: null, errorCode, detail }
}
