import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** Of messages that this worker has just claimed: their recipient was erased, so nobody can read them any more. */
export async function cancelUnreadable(
  db: Db,
  ids: readonly string[],
  { workerId, now }: { workerId: string; now: Date },
): Promise<void> {
  await sql`
    with moved as (
      update message set status = case when pinned_provider is null and not possible_duplicate then 'cancelled'
        else 'unknown' end, cost_milli = cost_after('unknown', cost_milli, charged_milli), claimed_by = null,
        updated_at = ${now}
      where id = any(${ids}::uuid[]) and status = 'sending' and claimed_by = ${workerId} and not attempt_open
      returning id, status
    )
    insert into message_event (message_id, status, at, error_code) select id, status, ${now}, 'erased' from moved`.execute(
    db,
  )
}
