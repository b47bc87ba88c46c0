import type { Selectable } from 'kysely'
import { z } from 'zod'
import { MessageId } from '@sms-gateway/domain/ids'
import { Lane } from '@sms-gateway/domain/lane'
import type { Message, MessageContent, MessageEvent } from '@sms-gateway/domain/message'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { Phone } from '@sms-gateway/domain/phone'
import type { Db } from './connect.ts'
import type { MessageEventTable, MessageTable } from './schema/messages.ts'
import type { SubjectReader } from './subject.ts'
import { readSubject } from './subject.ts'
import type { Vault } from './vault.ts'

/** With its timeline. `clientId` restricts it to that client's own messages. */
export async function findMessage(
  db: Db,
  vault: Vault,
  id: MessageId,
  clientId?: string,
): Promise<Message | undefined> {
  const row = await db
    .selectFrom('message')
    .leftJoin('subject_key', 'subject_key.recipient_hash', 'message.recipient_hash')
    .selectAll('message')
    .select('subject_key.key_cipher')
    .where('id', '=', id)
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
    .executeTakeFirst()
  if (!row) return undefined
  const events = await db
    .selectFrom('message_event')
    .selectAll()
    .where('message_id', '=', id)
    .orderBy('id')
    .execute()
  return toMessage(vault, row, events)
}

const Content = z.object({
  text: z.string(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  mediaUrls: z.array(z.string()),
})

/** A row of `message` as far as it is about its recipient, with the recipient's key. */
export interface PersonalRow {
  recipient_hash: Buffer
  recipient_cipher: Buffer
  key_cipher: Buffer | null
}

/** `undefined` once the person was erased. */
export function openPhone(vault: Vault, row: PersonalRow, id: MessageId): Phone | undefined {
  return readPhone(readerOf(vault, row), row, id)
}

export interface PersonalContent extends MessageContent {
  phone: Phone
}

/** `undefined` once the person was erased. */
export function openPersonal(
  vault: Vault,
  row: PersonalRow & { content_cipher: Buffer },
  id: MessageId,
): PersonalContent | undefined {
  const reader = readerOf(vault, row)
  const phone = readPhone(reader, row, id)
  const content = reader.open(row.content_cipher, id)
  if (phone === undefined || content === undefined) return undefined
  const { text, metadata, mediaUrls } = Content.parse(JSON.parse(content))
  return { phone, text, metadata, mediaUrls }
}

function readerOf(vault: Vault, row: PersonalRow): SubjectReader {
  return readSubject(vault, row.recipient_hash, row.key_cipher)
}

function readPhone(
  reader: SubjectReader,
  { recipient_cipher: sealed }: PersonalRow,
  id: MessageId,
): Phone | undefined {
  const phone = reader.open(sealed, id)
  return phone === undefined ? undefined : Phone.parse(phone)
}

const ERASED = { phone: null, text: null, metadata: null, mediaUrls: [] }

const Warning = z.object({ code: z.string(), detail: z.string() })

/** All of its row, which `events` completes. */
export function toMessage(
  vault: Vault,
  row: Selectable<MessageTable> & { key_cipher: Buffer | null },
  events: readonly Selectable<MessageEventTable>[],
): Message {
  const id = MessageId.parse(row.id)
  return {
    id,
    clientId: row.client_id,
    status: row.status,
    lane: Lane.parse(row.lane),
    channel: 'sms',
    messageType: row.message_type,
    customerId: row.customer_id,
    ...(openPersonal(vault, row, id) ?? ERASED),
    country: row.country,
    encoding: row.encoding === 'GSM-7' ? 'GSM-7' : 'UCS-2',
    segments: row.segments,
    costMilli: row.cost_milli,
    scheduleAt: row.schedule_at,
    notBefore: row.not_before,
    holdReason: row.hold_reason,
    expiresAt: row.expires_at,
    warnings: z.array(Warning).parse(row.warnings),
    templateCode: row.template_code,
    templateVersion: row.template_version,
    variant: row.variant,
    experiment:
      row.experiment_id === null ? null : { id: row.experiment_id, heldOut: row.held_out },
    campaignId: row.campaign_id,
    batchId: row.batch_id,
    retryOf: row.retry_of,
    provider: row.provider,
    providerMessageId: row.provider_message_id,
    attempts: row.counted_attempts,
    inDoubt: row.in_doubt,
    possibleDuplicate: row.possible_duplicate,
    pinnedProvider: row.pinned_provider,
    error:
      row.error_code === null ? null : { code: row.error_code, detail: row.error_detail ?? '' },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    events: events.map(toEvent),
  }
}

const Status = z.enum(MESSAGE_STATUSES)

function toEvent(row: Selectable<MessageEventTable>): MessageEvent {
  return {
    status: Status.parse(row.status),
    at: row.at,
    provider: row.provider,
    providerMessageId: row.provider_message_id,
    errorCode: row.error_code,
    detail: row.detail,
  }
}
