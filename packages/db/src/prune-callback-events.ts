import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** So far back reaches a replay. */
const KEEP_EVENTS_DAYS = 7
const BATCH_SIZE = 5_000
const MAX_BATCHES = 100

/** Gives up what nobody could try in its time, and forgets what is old and what belonged to a deleted callback. */
export async function pruneCallbackEvents(db: Db, now: Date): Promise<void> {
  const { rows } = await sql<{ id: string; deleted: boolean }>`
    select id, state = 'deleted' as deleted from callback`.execute(db)
  const oldest = new Date(now.getTime() - KEEP_EVENTS_DAYS * 24 * 3_600_000)
  for (const { id, deleted } of rows) {
    await inBatches(() => giveUpExpired(db, id, now))
    const done = await inBatches(() => forgetBefore(db, id, deleted ? 'infinity' : oldest))
    if (deleted && done) await db.deleteFrom('callback').where('id', '=', id).execute()
  }
}

/** Whether nothing is left; a very long list goes on in the next run. */
async function inBatches(run: () => Promise<number>): Promise<boolean> {
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    if ((await run()) < BATCH_SIZE) return true
  }
  return false
}

/** One whose callback is disabled, or fails so long that its turn did not come. */
async function giveUpExpired(db: Db, callbackId: string, now: Date): Promise<number> {
  const { rows } = await sql`
    update callback_event set state = 'failed', settled_at = ${now}, error = coalesce(error, 'expired')
    where id = any(array(
      select id from callback_event
      where callback_id = ${callbackId} and state = 'pending' and due_at < ${now}::timestamptz - interval '1 hour'
        and expires_at < ${now}
      order by due_at limit ${BATCH_SIZE} for update skip locked))
    returning 1`.execute(db)
  return rows.length
}

async function forgetBefore(
  db: Db,
  callbackId: string,
  before: Date | 'infinity',
): Promise<number> {
  const { rows } = await sql`
    with old as (
      delete from callback_event where id = any(array(
        select id from callback_event
        where callback_id = ${callbackId} and occurred_at < ${before}::timestamptz
        order by occurred_at limit ${BATCH_SIZE} for update skip locked))
      returning id
    ),
    forgotten as (
      delete from callback_attempt where event_id in (select id from old)
    )
    select id from old`.execute(db)
  return rows.length
}
