import { MessageId } from '@sms-gateway/domain/ids'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { Phone } from '@sms-gateway/domain/phone'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { openPersonal } from './find-message.ts'
import { type Inbound, listInbound } from './list-inbound.ts'
import type { Vault } from './vault.ts'

/** A message as a conversation shows it. */
export interface Outbound {
  id: string
  /** `null` once the person was erased. */
  text: string | null
  status: MessageStatus
  messageType: string
  customerId: string | null
  provider: ProviderName | null
  inReplyTo: string | null
  createdAt: Date
}

export type Turn =
  { direction: 'inbound'; turn: Inbound } | { direction: 'outbound'; turn: Outbound }

/** What was said with one number, oldest first: ids of both directions begin with their time. */
export async function listConversation(
  db: Db,
  vault: Vault,
  { phone, clientId }: { phone: Phone; clientId: string | undefined },
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Turn[]> {
  const who = { phone, clientId }
  const page = { after, limit }
  const inbound = await listInbound(db, vault, who, { ...page, order: 'asc' })
  const outbound = await listOutbound(db, vault, who, page)
  const turns: Turn[] = [
    ...inbound.map((turn) => ({ direction: 'inbound' as const, turn })),
    ...outbound.map((turn) => ({ direction: 'outbound' as const, turn })),
  ]
  return turns.sort((a, b) => (a.turn.id < b.turn.id ? -1 : 1)).slice(0, limit)
}

async function listOutbound(
  db: Db,
  vault: Vault,
  { phone, clientId }: { phone: Phone; clientId: string | undefined },
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Outbound[]> {
  const rows = await db
    .selectFrom('message as m')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'm.recipient_hash')
    .select(['m.id', 'm.status', 'm.message_type', 'm.customer_id', 'm.provider', 'm.in_reply_to'])
    .select(['m.created_at', 'm.recipient_hash', 'm.recipient_cipher', 'm.content_cipher'])
    .select('k.key_cipher')
    .where('m.recipient_hash', '=', vault.hash(phone))
    .$if(clientId !== undefined, (query) => query.where('m.client_id', '=', clientId ?? ''))
    .$if(after !== undefined, (query) => query.where('m.id', '>', after ?? ''))
    .orderBy('m.id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    text: openPersonal(vault, row, MessageId.parse(row.id))?.text ?? null,
    status: row.status,
    messageType: row.message_type,
    customerId: row.customer_id,
    provider: row.provider,
    inReplyTo: row.in_reply_to,
    createdAt: row.created_at,
  }))
}
