import { sql } from 'kysely'
import { firstIdAt } from '@sms-gateway/domain/ids'
import type { InboundText } from '@sms-gateway/domain/inbound'
import type { Keyword } from '@sms-gateway/domain/keywords'
import type { TimeSpan } from '@sms-gateway/domain/local-days'
import type { Phone } from '@sms-gateway/domain/phone'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { openInbound } from './inbound.ts'
import type { InboundRow } from './inbound-facts.ts'
import type { Vault } from './vault.ts'

/** A text that has come, with what became of it. */
export interface Inbound {
  id: string
  provider: ProviderName
  reference: string
  /** `null` once the person was erased. */
  said: InboundText | null
  keyword: Keyword | null
  clientId: string | null
  customerId: string | null
  messageId: string | null
  answerId: string | null
  receivedAt: Date
}

/** What is not given is not asked for. */
export interface InboundFilter {
  id?: string | undefined
  /** Whose conversations; of all clients where it is not given. */
  clientId?: string | undefined
  phone?: Phone | undefined
  provider?: ProviderName | undefined
  keyword?: Keyword | undefined
  customerId?: string | undefined
  /** When they came. Either end may be open. */
  span?: Partial<TimeSpan>
}

export interface InboundPage {
  order: 'asc' | 'desc'
  /** The last one of the page before. */
  after?: string | undefined
  limit: number
}

export async function listInbound(
  db: Db,
  vault: Vault,
  filter: InboundFilter,
  { order, after, limit }: InboundPage,
): Promise<Inbound[]> {
  const { id, clientId, phone, provider, keyword, customerId, span } = filter
  const columns = {
    ...{ id, provider, keyword, client_id: clientId, customer_id: customerId },
    sender_hash: phone && vault.hash(phone),
  }
  const given = Object.entries(columns).filter(([, value]) => value !== undefined)
  const beyond = sql.raw(order === 'asc' ? '>' : '<')
  const conditions = [
    ...given.map(([column, value]) => sql<boolean>`${sql.ref(`i.${column}`)} = ${value}`),
    ...(span?.from ? [sql<boolean>`i.id >= ${firstIdAt(span.from)}`] : []),
    ...(span?.before ? [sql<boolean>`i.id < ${firstIdAt(span.before)}`] : []),
    ...(after === undefined ? [] : [sql<boolean>`i.id ${beyond} ${after}`]),
  ]
  const rows = await db
    .selectFrom('inbound as i')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'i.sender_hash')
    .selectAll('i')
    .select('k.key_cipher')
    .where((eb) => eb.and(conditions))
    .orderBy('i.id', order)
    .limit(limit)
    .execute()
  return rows.map((row) => toInbound(vault, row))
}

function toInbound(vault: Vault, row: InboundRow): Inbound {
  return {
    id: row.id,
    provider: row.provider,
    reference: row.reference,
    said: openInbound(vault, row) ?? null,
    keyword: row.keyword,
    clientId: row.client_id,
    customerId: row.customer_id,
    messageId: row.message_id,
    answerId: row.answer_id,
    receivedAt: row.received_at,
  }
}
