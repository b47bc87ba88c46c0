import type { Selectable } from 'kysely'
import { z } from 'zod'
import { MessageId } from '@sms-gateway/domain/ids'
import { Lane } from '@sms-gateway/domain/lane'
import type { Message, MessageContent, MessageEvent } from '@sms-gateway/domain/message'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { Phone } from '@sms-gateway/domain/phone'
import type { Db } from './connect.ts'
import type { MessageEventTable, MessageTable } from './schema/messages.ts'
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
    .selectAll()
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

export function openContent(vault: Vault, sealed: Buffer, id: MessageId): MessageContent {
  return Content.parse(JSON.parse(vault.open(sealed, id)))
}

export function openPhone(vault: Vault, sealed: Buffer, id: MessageId): Phone {
  return Phone.parse(vault.open(sealed, id))
}

const Warning = z.object({ code: z.string(), detail: z.string() })

/** All of its row, which `events` completes. */
export function toMessage(
  vault: Vault,
  row: Selectable<MessageTable>,
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
    phone: openPhone(vault, row.recipient_cipher, id),
    ...openContent(vault, row.content_cipher, id),
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
    campaignId: row.campaign_id,
    batchId: row.batch_id,
    retryOf: row.retry_of,
    provider: row.provider,
    providerMessageId: row.provider_message_id,
    attempts: row.counted_attempts,
    inDoubt: row.in_doubt,
    possibleDuplicate: row.possible_duplicate,
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
