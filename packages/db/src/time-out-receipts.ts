import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** Messages that a provider took, or may have taken, and of which no receipt has come in time: `unknown`. How many. */
export async function timeOutReceipts(
  db: Db,
  { now, timeoutHours, limit }: { now: Date; timeoutHours: number; limit: number },
): Promise<number> {
  const before = new Date(now.getTime() - timeoutHours * 3_600_000)
  const { rows } = await sql`
    with due as (
      (select id from message where status = 'sent' and sent_at < ${before} order by sent_at limit ${limit})
      union all
      (select id from message where status = 'sending' and in_doubt and updated_at < ${before}
        and not exists (select from attempt a where a.message_id = message.id and a.number = message.attempt_number
          and a.check_at is not null) limit ${limit})
    ),
    locked as (select id from message where id in (select id from due) order by id for update skip locked),
    moved as (
      update message m set status = 'unknown', in_doubt = false, claimed_by = null, updated_at = ${now},
        cost_milli = cost_after('unknown', m.cost_milli, m.charged_milli),
        error_code = 'receipt-timeout', error_detail = 'no receipt came in time'
      from locked where m.id = locked.id and m.status in ('sent', 'sending')
      returning m.id, m.provider
    )
    insert into message_event (message_id, status, at, provider, error_code, detail)
    select id, 'unknown', ${now}, provider, 'receipt-timeout', 'no receipt came in time' from moved
    returning message_id`.execute(db)
  return rows.length
}
