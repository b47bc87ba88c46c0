import { sql } from 'kysely'
import type { Db, DbTransaction } from './connect.ts'

export interface Restored {
  takenAt: Date
  /** Messages that wait for an operator's word. */
  held: number
  /** Those whose submission was on its way, or in doubt. */
  unknown: number
  /** Campaigns that were running, or have come due since. */
  campaigns: number
}

/**
 * After a load: what may have gone out since the back-up was taken does not go by itself. What was due later than now
 * cannot have gone, and stays as it is.
 */
export async function holdRestored(
  db: Db,
  { now, takenAt }: { now: Date; takenAt: Date },
): Promise<Restored> {
  return db.transaction().execute(async (trx) => {
    const unknown = await endSubmitted(trx, now)
    const held = await holdWaiting(trx, now)
    const { numAffectedRows: campaigns } = await sql`
      update campaign set status = 'halted', reason_code = 'restored', stopped_at = ${now}, updated_at = ${now},
        reason_detail = 'it was restored from a back-up: people may have been written to since'
      where status = 'running' or (status = 'scheduled' and next_run_at <= ${now})`.execute(trx)
    await trx
      .updateTable('gateway_state')
      .set({ reason: 'restored from a back-up', changed_at: now, paused_at: now, resumed_at: null })
      .execute()
    return { takenAt, held, unknown, campaigns: Number(campaigns ?? 0) }
  })
}

/** A receipt may still tell what became of them. */
async function endSubmitted(trx: DbTransaction, now: Date): Promise<number> {
  const { rows } = await sql`
    with moved as (
      update message set status = 'unknown', claimed_by = null, in_doubt = false, attempt_open = false, not_before = null,
        hold_reason = null, error_code = 'restored', cost_milli = cost_after('unknown', cost_milli, charged_milli),
        updated_at = ${now}
      where (status = 'sending' and (attempt_open or in_doubt))
        or (status in ('sending', 'queued', 'held') and (possible_duplicate or pinned_provider is not null))
      returning id
    ),
    asked as (
      update attempt a set check_at = null, settled_at = coalesce(settled_at, ${now}),
        state = case state when 'open' then 'in_doubt' else state end
      from moved where a.message_id = moved.id and a.state in ('open', 'in_doubt')
    )
    insert into message_event (message_id, status, at, error_code) select id, 'unknown', ${now}, 'restored' from moved
    returning message_id`.execute(trx)
  return rows.length
}

async function holdWaiting(trx: DbTransaction, now: Date): Promise<number> {
  const { rows } = await sql`
    with moved as (
      update message set status = 'held', hold_reason = 'restored', claimed_by = null, not_before = null,
        ring_at = 'infinity', updated_at = ${now}
      where status in ('accepted', 'scheduled', 'held', 'queued', 'sending')
        and (not_before is null or not_before <= ${now})
      returning id
    )
    insert into message_event (message_id, status, at, error_code) select id, 'held', ${now}, 'restored' from moved
    returning message_id`.execute(trx)
  return rows.length
}
