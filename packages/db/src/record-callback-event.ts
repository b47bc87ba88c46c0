import { type RawBuilder, sql } from 'kysely'
import type { CallbackEventType } from '@sms-gateway/domain/callback-event'
import type { Db } from './connect.ts'

export interface HappenedEvent {
  /** Whose it is; null for what every client may know. */
  clientId: string | null
  type: CallbackEventType
  /** What its payload is made from when it goes. */
  subjectId: string
  occurredAt: Date
}

/**
 * Puts it into the outbox of the callbacks that want it, in the caller's transaction. What happens to messages is put
 * there by a trigger.
 */
export async function recordCallbackEvent(
  trx: Db,
  { clientId, type, subjectId, occurredAt }: HappenedEvent,
): Promise<void> {
  await sql`
    insert into callback_event (callback_id, type, subject_id, occurred_at)
    select id, ${type}, ${subjectId}::uuid, ${occurredAt}::timestamptz from callback
    where state = 'active' and (${clientId}::uuid is null or client_id = ${clientId}::uuid)
      and ${type} = any(event_types)`.execute(trx)
}

/**
 * The same for every client, of what a statement has in `told (id, at)`: a part of that statement. Who refuses messages
 * refuses them from all.
 */
export function tellEverybody(type: CallbackEventType): RawBuilder<unknown> {
  return sql`
    insert into callback_event (callback_id, type, subject_id, occurred_at)
    select c.id, ${type}, told.id, date_trunc('milliseconds', told.at)
    from told join callback c on c.state = 'active' and ${type} = any(c.event_types)`
}
