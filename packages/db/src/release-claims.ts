import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { Db } from './connect.ts'

/** Puts back what this worker has claimed of these and not submitted: for when it does not know whether it did. */
export async function releaseClaims(
  db: Db,
  { ids, workerId, now }: { ids: readonly MessageId[]; workerId: string; now: Date },
): Promise<void> {
  await sql`
    with mine as (
      select id from message
      where id = any(${ids}::uuid[]) and status = 'sending' and claimed_by = ${workerId} and not attempt_open
      order by id for update
    )
    update message m set status = 'queued', claimed_by = null, ring_at = ${now}, updated_at = ${now}
    from mine where m.id = mine.id`.execute(db)
}
