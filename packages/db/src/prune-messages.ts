import { type RawBuilder, sql } from 'kysely'
import { firstIdAt } from '@sms-gateway/domain/ids'
import type { Db } from './connect.ts'
import { inBatches } from './in-batches.ts'

const BATCHES = { size: 2_000, batches: 200 }

/** What hangs on messages and has no months: of those before this time, which are gone already. How many rows. */
export async function pruneBesideMessages(
  db: Db,
  before: Date,
  signal?: AbortSignal,
): Promise<number> {
  const id = firstIdAt(before)
  const old: [table: string, condition: RawBuilder<boolean>][] = [
    ['provider_reference', sql`message_id < ${id}::uuid`],
    ['message_retry', sql`message_id < ${id}::uuid`],
    ['receipt', sql`received_at < ${before}`],
    // A counter of a day or month that has lost messages cannot be proved any more.
    ['budget_counter', sql`period_start <= (${before}::timestamptz at time zone 'UTC')::date`],
    ['budget_alert', sql`at < ${before}`],
    ['inbound', sql`id < ${id}::uuid and state = 'applied'`],
  ]
  let pruned = 0
  for (const [table, condition] of old) {
    pruned += await inBatches((limit) => deleteSome(db, table, condition, limit), {
      ...BATCHES,
      signal,
    })
  }
  return pruned
}

/** Ended campaigns, their people first: a million rows are not taken away in one statement. */
export async function pruneCampaigns(db: Db, before: Date, signal?: AbortSignal): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from campaign
    where id < ${firstIdAt(before)}::uuid and status in ('finished', 'cancelled')
      and coalesce(finished_at, updated_at) < ${before}
    order by id limit ${CAMPAIGNS_A_RUN}`.execute(db)
  let pruned = 0
  for (const { id } of rows) {
    let left = false
    for (const table of ['campaign_recipient', 'campaign_reject', 'campaign_run']) {
      const condition = sql<boolean>`campaign_id = ${id}`
      const run = (limit: number) => deleteSome(db, table, condition, limit)
      const taken = await inBatches(run, { ...BATCHES, signal })
      left ||= taken === BATCHES.size * BATCHES.batches
    }
    if (left || signal?.aborted) return pruned
    await db.deleteFrom('campaign').where('id', '=', id).execute()
    pruned++
  }
  return pruned
}

const CAMPAIGNS_A_RUN = 100

/** Rows that somebody writes just now are left for the next run. */
async function deleteSome(
  db: Db,
  table: string,
  condition: RawBuilder<boolean>,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where ctid = any(array(
      select ctid from ${sql.table(table)} where ${condition} limit ${limit} for update skip locked))`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0)
}
