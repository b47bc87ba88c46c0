import { sql } from 'kysely'
import type { Db, DbTransaction } from './connect.ts'

/**
 * Adds the rows of `taken`, which are some of `stat_delta`, to what is shown live: parts of the statement that takes
 * them. The minute is that of the change's transaction, so a fold that comes late puts it where it belongs.
 */
export const liveParts = sql`
  live_minutes as (
    insert into stat_minute as s (minute, client_id, lane, accepted, sent, delivered, failed)
    select date_bin('1 minute', changed_at, timestamptz '2000-01-01 00:00:00+00') as minute, client_id, lane,
      sum(total), sum(sent), sum(delivered), sum(failed)
    from taken group by minute, client_id, lane
    having sum(total) <> 0 or sum(sent) <> 0 or sum(delivered) <> 0 or sum(failed) <> 0
    on conflict (minute, client_id, lane) do update set accepted = s.accepted + excluded.accepted,
      sent = s.sent + excluded.sent, delivered = s.delivered + excluded.delivered, failed = s.failed + excluded.failed
  ),
  live_states as (
    insert into stat_now as s (client_id, lane, state, reason, count)
    select client_id, lane, state, reason, sum(total) from taken where state <> ''
    group by client_id, lane, state, reason having sum(total) <> 0
    on conflict (client_id, lane, state, reason) do update set count = s.count + excluded.count
  )`

/**
 * Counts anew how many messages are where. The changes that wait are taken off again: they are in the messages already,
 * and will be added. The caller holds the lock of the roll-ups, and the transaction sees one snapshot.
 */
export async function recountLive(trx: DbTransaction): Promise<void> {
  await sql`delete from stat_now`.execute(trx)
  await sql`
    insert into stat_now (client_id, lane, state, reason, count)
    select client_id, lane, state, reason, sum(count) from (
      select client_id, lane, state_of(status, in_doubt) as state,
        case status when 'held' then coalesce(hold_reason, '') else '' end as reason, count(*) as count
      from message where status in ('accepted', 'scheduled', 'held', 'queued', 'sending') group by 1, 2, 3, 4
      union all
      select client_id, lane, state, reason, -total from stat_delta where state <> ''
    ) c
    group by client_id, lane, state, reason having sum(count) <> 0`.execute(trx)
}

/** Minutes that nobody asks for any more, and places where nothing is. */
export async function pruneLive(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('stat_minute').where('minute', '<', before).execute()
  await db.deleteFrom('stat_now').where('count', '=', 0).execute()
}
