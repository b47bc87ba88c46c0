import type { MessageId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { Db } from './connect.ts'
import type { Subject } from './subject.ts'
import { type EnsuredSubjects, ensureSubjects } from './subject-keys.ts'
import { toHex } from './to-hex.ts'
import type { Vault } from './vault.ts'

/** The answer that a repeat of the request is to get: kept with the message, in the same commit. */
export interface IdempotentAnswer {
  path: string
  key: string
  /** The keyed hash of the request's body: the same key with another body is a mistake. */
  fingerprint: Buffer
  status: number
  response: string
}

export interface AcceptedMessage {
  message: NewMessage
  answer?: IdempotentAnswer
  /** Only of a text that confirms an opt-out, of the type `opt_out_confirmation`: no request can ask for it. */
  exemptFromOptOut?: true
  /** The inbound text that it answers. */
  inReplyTo?: string
}

/** A message that was just enqueued is rung for again only when nobody has taken it by then. */
const FIRST_RING_SECONDS = 10

/** A message as it is stored: sealing is work, and what is locked should not wait for it. */
export interface SealedMessage {
  id: MessageId
  row: ReturnType<typeof toRow>
  answer: ReturnType<typeof toIdempotencyRow>
  /** The rows of the counters that it is counted on: see `insertAffordable`. */
  budgetCounters?: readonly number[]
}

export async function sealMessages(
  db: Db,
  vault: Vault,
  accepted: readonly AcceptedMessage[],
  known?: EnsuredSubjects,
): Promise<SealedMessage[]> {
  const addressed = await address(db, vault, accepted, known)
  return addressed.map((entry) => ({
    id: entry.message.id,
    row: toRow(entry),
    answer: toIdempotencyRow(vault, entry),
  }))
}

/** A message with the person it goes to. */
interface Addressed extends AcceptedMessage {
  recipientHash: Buffer
  subject: Subject
}

async function address(
  db: Db,
  vault: Vault,
  accepted: readonly AcceptedMessage[],
  known?: EnsuredSubjects,
): Promise<Addressed[]> {
  const hashes = accepted.map(({ message }) => vault.hash(message.phone))
  const subjects = known ?? (await ensureSubjects(db, vault, hashes))
  return accepted.map((entry, index) => {
    const recipientHash = hashes[index] ?? vault.hash(entry.message.phone)
    return { ...entry, recipientHash, subject: subjects.of(recipientHash) }
  })
}

/** The columns of `message` as PostgreSQL's JSON functions read them: bytea as `\x` and hex. */
function toRow({ message, exemptFromOptOut, inReplyTo, recipientHash, subject }: Addressed) {
  const { id, text, metadata, mediaUrls, createdAt, notBefore } = message
  const firstRing = notBefore ?? new Date(createdAt.getTime() + FIRST_RING_SECONDS * 1000)
  // Written out here: JSON asks each object that it meets for its own form, and is four times as long about a row.
  const acceptedAt = createdAt.toISOString()
  return {
    id,
    client_id: message.clientId,
    status: message.status,
    lane: message.lane,
    channel: message.channel,
    message_type: message.messageType,
    customer_id: given(message.customerId),
    country: message.country,
    recipient_hash: toHex(recipientHash),
    recipient_cipher: toHex(subject.seal(message.phone, id)),
    content_cipher: toHex(subject.seal(JSON.stringify({ text, metadata, mediaUrls }), id)),
    encoding: message.encoding,
    segments: message.segments,
    cost_milli: message.costMilli,
    template_code: given(message.templateCode),
    template_version: given(message.templateVersion),
    variant: given(message.variant),
    experiment_id: message.experiment?.id,
    held_out: message.experiment?.heldOut === true,
    campaign_id: given(message.campaignId),
    batch_id: given(message.batchId),
    retry_of: given(message.retryOf),
    schedule_at: given(message.scheduleAt),
    not_before: given(notBefore),
    hold_reason: given(message.holdReason),
    expires_at: message.expiresAt.toISOString(),
    ring_at: firstRing.toISOString(),
    warnings: message.warnings,
    error_code: message.error?.code,
    error_detail: message.error?.detail,
    exempt_from_opt_out: exemptFromOptOut === true,
    in_reply_to: inReplyTo,
    created_at: acceptedAt,
    updated_at: acceptedAt,
  }
}

/** JSON leaves it out then: most columns of most messages are null, and each name costs. */
function given<T>(value: T | null): T | undefined {
  return value ?? undefined
}

function toIdempotencyRow(vault: Vault, { message, answer, subject }: Addressed) {
  if (!answer) return undefined
  const { path, fingerprint, status, response } = answer
  const key = hashIdempotencyKey(vault, answer.key)
  return {
    order: `${message.clientId} ${path} ${key}`,
    client_id: message.clientId,
    path,
    key,
    fingerprint: toHex(fingerprint),
    message_id: message.id,
    status,
    response_cipher: toHex(subject.seal(response, message.id)),
    created_at: message.createdAt,
  }
}

/** Producers make keys of what they have, numbers too. */
export function hashIdempotencyKey(vault: Vault, key: string): string {
  return vault.mac('idempotency key', key).toString('base64url')
}
