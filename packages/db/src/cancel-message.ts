import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import { WAITING_STATUSES } from '@sms-gateway/domain/message-status'
import type { Db } from './connect.ts'
import { mayBeTaken } from './untaken-end.ts'

/** False when it is too late: a worker has claimed the message, a provider has or may have it, or it has ended. */
export async function cancelMessage(db: Db, id: MessageId, now: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    // By itself: what the next statement sees of the attempts is then as of the lock.
    await sql`select from message where id = ${id} for update`.execute(trx)
    const { rows } = await sql`
      with moved as (
        update message m set status = 'cancelled', updated_at = ${now}
        where m.id = ${id} and m.status in (${sql.join(WAITING_STATUSES)})
          and m.pinned_provider is null and not ${mayBeTaken('m', sql`e.message_id = ${id}`)}
        returning m.id
      )
      insert into message_event (message_id, status, at) select id, 'cancelled', ${now} from moved
      returning message_id`.execute(trx)
    return rows.length === 1
  })
}
