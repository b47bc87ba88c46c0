import { sql } from 'kysely'
import { z } from 'zod'
import type { Campaign } from '@sms-gateway/domain/campaign'
import type { SuppressionPolicy } from '@sms-gateway/domain/suppression'
import type { TemplateData } from '@sms-gateway/domain/template'
import { toSealContext } from './campaign-loading.ts'
import type { Db } from './connect.ts'
import { openFor } from './subject.ts'
import type { Vault } from './vault.ts'

/** People of a campaign by the zone of their customer; null is who has none. */
export async function countRecipientsByZone(
  db: Db,
  { id, clientId, customerId }: Campaign,
): Promise<{ timeZone: string | null; count: number }[]> {
  const { rows } = await sql<{ time_zone: string | null; count: number }>`
    select s.time_zone, sum(c.count)::int as count
    from (
      select coalesce(customer_id, ${customerId}) as customer_id, count(*) as count from campaign_recipient
      where campaign_id = ${id} group by 1
    ) c
    left join customer_setting s on s.client_id = ${clientId} and s.customer_id = c.customer_id
    group by s.time_zone`.execute(db)
  return rows.map(({ time_zone: timeZone, count }) => ({ timeZone, count }))
}

/** People of a campaign who would get nothing, as it is recorded now: from the lists' side, which are the shorter ones. */
export async function countSuppressed(
  db: Db,
  { id, messageType, recipients }: Campaign,
  { marketingTypes, requireConsent }: SuppressionPolicy,
): Promise<number> {
  const isMarketing = marketingTypes.includes(messageType)
  const { rows } = await sql<{ opted_out: number; willing: number }>`
    with refusing as (
      select distinct o.recipient_hash from opt_out o
      join campaign_recipient r on r.campaign_id = ${id} and r.recipient_hash = o.recipient_hash
      where o.channel = 'sms' and (o.kind = 'all' or ${isMarketing})
    ),
    consenting as (
      select distinct on (c.recipient_hash) c.recipient_hash, c.granted from consent c
      join campaign_recipient r on r.campaign_id = ${id} and r.recipient_hash = c.recipient_hash
      where c.channel = 'sms' and ${isMarketing && requireConsent}
      order by c.recipient_hash, c.at desc, c.granted
    )
    select (select count(*) from refusing)::int as opted_out,
      (select count(*) from consenting c where c.granted
        and not exists (select from refusing f where f.recipient_hash = c.recipient_hash))::int as willing`.execute(
    db,
  )
  const { opted_out: optedOut = 0, willing = 0 } = rows[0] ?? {}
  return isMarketing && requireConsent ? recipients - willing : optedOut
}

const Sealed = z.object({ data: z.record(z.string(), z.union([z.string(), z.number()])) })

/** The values of its first person: none where it has nobody, or they were erased. */
export async function findSampleData(db: Db, vault: Vault, id: string): Promise<TemplateData> {
  const row = await db
    .selectFrom('campaign_recipient as r')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'r.recipient_hash')
    .select(['r.row_number', 'r.sealed', 'r.recipient_hash', 'k.key_cipher'])
    .where('r.campaign_id', '=', id)
    .orderBy('r.done_run')
    .orderBy('r.due_at')
    .orderBy('r.row_number')
    .limit(1)
    .executeTakeFirst()
  const text = row && openFor(vault, row, row.sealed, toSealContext(id, row.row_number))
  return text === undefined || text === null ? {} : Sealed.parse(JSON.parse(text)).data
}
