import { type RawBuilder, sql } from 'kysely'
import { firstIdAt, type MessageId } from '@sms-gateway/domain/ids'
import type { TimeSpan } from '@sms-gateway/domain/local-days'
import type { Message } from '@sms-gateway/domain/message'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { Phone } from '@sms-gateway/domain/phone'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { toMessage } from './find-message.ts'
import type { Vault } from './vault.ts'

/** What is not given is not asked for. */
export interface MessageFilter {
  /** Whose messages; of all clients where it is not given. */
  clientId?: string | undefined
  /** When they were accepted. Either end may be open. */
  span?: Partial<TimeSpan>
  status?: MessageStatus | undefined
  holdReason?: string | undefined
  provider?: ProviderName | undefined
  phone?: Phone | undefined
  messageType?: string | undefined
  templateCode?: string | undefined
  customerId?: string | undefined
  campaignId?: string | undefined
  batchId?: string | undefined
  inDoubt?: boolean | undefined
}

/**
 * Newest first, without their timelines; `before` is the last one of the page before. A page never shifts: messages that
 * arrive meanwhile are newer than all of it. The bounds are ids, so that only the months between them are searched.
 */
export async function listMessages(
  db: Db,
  vault: Vault,
  filter: MessageFilter,
  { limit, before }: { limit: number; before?: MessageId | undefined },
): Promise<Message[]> {
  const { clientId, span, status, phone, messageType, templateCode, customerId } = filter
  const { holdReason, provider, campaignId, batchId, inDoubt } = filter
  const columns = {
    client_id: clientId,
    status,
    hold_reason: holdReason,
    provider,
    recipient_hash: phone && vault.hash(phone),
    message_type: messageType,
    template_code: templateCode,
    customer_id: customerId,
    campaign_id: campaignId,
    batch_id: batchId,
    in_doubt: inDoubt,
  }
  const given = Object.entries(columns).filter(([, value]) => value !== undefined)
  const bounds = (column: string) => [
    ...(span?.from ? [sql<boolean>`${sql.ref(column)} >= ${firstIdAt(span.from)}`] : []),
    ...(span?.before ? [sql<boolean>`${sql.ref(column)} < ${firstIdAt(span.before)}`] : []),
    ...(before ? [sql<boolean>`${sql.ref(column)} < ${before}`] : []),
  ]
  const conditions = [
    ...given.map(([column, value]) => sql<boolean>`${sql.ref(`m.${column}`)} = ${value}`),
    ...bounds('m.id'),
    ...(provider ? [isTriedAt(provider, bounds('a.message_id'))] : []),
  ]
  const rows = await db
    .selectFrom('message as m')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'm.recipient_hash')
    .selectAll('m')
    .select('k.key_cipher')
    .where((eb) => eb.and(conditions))
    .orderBy('m.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => toMessage(vault, row, []))
}

/** True of whatever a provider may have, and found by an index, which messages have none of their provider. */
function isTriedAt(provider: ProviderName, bounds: readonly RawBuilder<boolean>[]) {
  const conditions = sql.join([sql`a.provider = ${provider}`, ...bounds], sql` and `)
  return sql<boolean>`m.id in (select a.message_id from attempt a where ${conditions})`
}
