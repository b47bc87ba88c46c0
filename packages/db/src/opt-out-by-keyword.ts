import type { InboundText } from '@sms-gateway/domain/inbound'
import type { Keyword } from '@sms-gateway/domain/keywords'
import { Phone } from '@sms-gateway/domain/phone'
import type { DbTransaction } from './connect.ts'
import type { InboundRow } from './inbound-facts.ts'
import { addOptOut, removeOptOut } from './opt-outs.ts'
import type { Vault } from './vault.ts'

interface Said {
  row: InboundRow
  inbound: InboundText
  keyword: Keyword | undefined
  now: Date
}

/** Whether our own list is another one now. A word that a later one has overtaken changes nothing any more. */
export async function changeList(
  trx: DbTransaction,
  vault: Vault,
  { row, inbound, keyword, now }: Said,
): Promise<boolean> {
  const phone = Phone.safeParse(inbound.from)
  if ((keyword !== 'stop' && keyword !== 'start') || !phone.success) return false
  if (await wasOvertaken(trx, row)) return false
  const change = {
    ...{ phone: phone.data, channel: 'sms', source: 'keyword', reason: keyword, actor: null },
    at: row.received_at,
  }
  if (keyword === 'stop') return addOptOut(trx, vault, { ...change, kind: 'all' }, now)
  const lifted: boolean[] = []
  for (const kind of ['all', 'marketing'] as const) {
    lifted.push(await removeOptOut(trx, vault, { ...change, kind }, { now }))
  }
  return lifted.includes(true)
}

async function wasOvertaken(trx: DbTransaction, row: InboundRow): Promise<boolean> {
  const later = await trx
    .selectFrom('inbound')
    .select('id')
    .where('sender_hash', '=', row.sender_hash)
    .where('keyword', 'in', ['stop', 'start'])
    .where('id', '>', row.id)
    .limit(1)
    .executeTakeFirst()
  return later !== undefined
}
