import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { inBatches } from './in-batches.ts'

/** A batch takes seconds from its hold to its commit: what is older was left by a process that died. */
const STALE_MS = 60_000

/** Gives back what a batch holds that was not stored, if it holds anything; how many rows it had. */
export async function releaseHold(db: Db, batchId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with gone as (delete from budget_hold where batch_id = ${batchId} returning counter_id, amount),
    locked as (select id from budget_counter where id in (select counter_id from gone) order by id for update),
    moved as (update budget_counter b set used = b.used - gone.amount from gone join locked l on l.id = gone.counter_id
      where b.id = gone.counter_id)
    select count(*)::int as count from gone`.execute(db)
  return rows[0]?.count ?? 0
}

/** Of processes that died in between; how many batches. One that is being stored just now is locked, and passed over. */
export async function releaseStaleHolds(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - STALE_MS)
  return inBatches(
    () =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('budget_hold')
          .select('batch_id')
          .where('created_at', '<', before)
          .orderBy('batch_id')
          .limit(1)
          .forUpdate()
          .skipLocked()
          .executeTakeFirst()
        if (!row) return 0
        await releaseHold(trx, row.batch_id)
        return 1
      }),
    { size: 1, batches: 100 },
  )
}
