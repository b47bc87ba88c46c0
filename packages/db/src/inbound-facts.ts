import type { Selectable } from 'kysely'
import type { InboundText } from '@sms-gateway/domain/inbound'
import type { Keyword } from '@sms-gateway/domain/keywords'
import { cleanWord } from '@sms-gateway/domain/keywords'
import type { PriceList } from '@sms-gateway/domain/money'
import { Phone } from '@sms-gateway/domain/phone'
import { NOTHING_RECORDED, type Permissions } from '@sms-gateway/domain/suppression'
import type { DbTransaction } from './connect.ts'
import { findSenderSettings } from './customer-settings.ts'
import { openInbound } from './inbound.ts'
import { findKeywordAnswer } from './keyword-answers.ts'
import { findPermissions } from './permissions.ts'
import { listPrices } from './prices.ts'
import type { InboundTable } from './schema/inbound.ts'
import type { Vault } from './vault.ts'

/** Of a text that has come, everything that decides whether and how it is answered by itself. */
export interface InboundFacts {
  inbound: InboundText
  keyword: Keyword | undefined
  clientId: string
  customerId: string | null
  /** The customer's own, where one was set. */
  timeZone: string | null
  senderName: string | null
  permissions: Permissions
  prices: PriceList
  /** What the client has set for this word. */
  configured: string | undefined
  answersLastHour: number
  textsLastHour: readonly string[]
}

export type InboundRow = Selectable<InboundTable> & { key_cipher: Buffer | null }

/** Whose text it is: the columns that are kept with it. */
export interface Conversation {
  client_id: string | null
  customer_id: string | null
  message_id: string | null
}

/** The owner of texts that belong to nobody's conversation: see migration 0007. */
const GATEWAY_CLIENT = '00000000-0000-7000-8000-000000000001'
const HOUR_MS = 3_600_000
const MAX_TEXTS = 50

/** The last message that may have reached this number before the text came. */
export async function findConversation(trx: DbTransaction, row: InboundRow): Promise<Conversation> {
  const last = await trx
    .selectFrom('message')
    .select(['client_id', 'customer_id', 'id as message_id'])
    .where('recipient_hash', '=', row.sender_hash)
    .where('status', 'in', ['sending', 'sent', 'delivered', 'undelivered', 'unknown'])
    .where('id', '<', row.id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ?? { client_id: null, customer_id: null, message_id: null }
}

export async function gatherFacts(
  trx: DbTransaction,
  vault: Vault,
  said: { row: InboundRow; conversation: Conversation } & Pick<InboundFacts, 'inbound' | 'keyword'>,
): Promise<InboundFacts> {
  const { row, conversation, inbound, keyword } = said
  const clientId = conversation.client_id ?? GATEWAY_CLIENT
  const customerId = conversation.customer_id
  const { timeZone, senderName } = await findSenderSettings(trx, { clientId, customerId })
  return {
    ...{ inbound, keyword, clientId, customerId },
    timeZone,
    senderName,
    permissions: await findSenderPermissions(trx, vault, inbound),
    prices: await listPrices(trx),
    configured: await findKeywordAnswer(trx, clientId, cleanWord(inbound.text)),
    ...(await findLastHour(trx, vault, row)),
  }
}

async function findSenderPermissions(
  trx: DbTransaction,
  vault: Vault,
  { from }: InboundText,
): Promise<Permissions> {
  const phone = Phone.safeParse(from)
  if (!phone.success) return NOTHING_RECORDED
  const [permissions] = await findPermissions(trx, vault, { phones: [phone.data], channel: 'sms' })
  return permissions ?? NOTHING_RECORDED
}

async function findLastHour(trx: DbTransaction, vault: Vault, row: InboundRow) {
  const { key_cipher } = row
  const earlier = trx
    .selectFrom('inbound')
    .where('sender_hash', '=', row.sender_hash)
    .where('id', '<>', row.id)
    .where('state', '=', 'applied')
    .where('received_at', '>', new Date(row.received_at.getTime() - HOUR_MS))
  const { count } = await earlier
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('answer_id', 'is not', null)
    .executeTakeFirstOrThrow()
  const texts = await earlier.selectAll().orderBy('id', 'desc').limit(MAX_TEXTS).execute()
  return {
    answersLastHour: count,
    textsLastHour: texts.flatMap((text) => openInbound(vault, { ...text, key_cipher })?.text ?? []),
  }
}
