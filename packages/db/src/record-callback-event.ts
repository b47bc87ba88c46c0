import { sql } from 'kysely'
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
 * Puts it into the outbox of the callbacks that want it, in the caller's transaction. What happens to messages, and
 * opt-outs, are put there by triggers.
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
