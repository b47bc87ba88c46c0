import { sql } from 'kysely'
import type { DueCallback } from './claim-callback-events.ts'
import type { Db } from './connect.ts'
import type { CallbackEventState } from './schema/callbacks.ts'

/** What became of a claimed event. */
export interface CallbackSettlement {
  due: DueCallback
  state: Exclude<CallbackEventState, 'delivering'>
  /** When it goes again, of one that is `pending`. */
  dueAt: Date | null
  error: string | null
  /** Null where nothing was tried. */
  attempt: CallbackTrial | null
  now: Date
}

interface CallbackTrial {
  at: Date
  latencyMs: number
  status: number | null
}

/**
 * Each attempt is kept, but only its owner moves the event: one whose claim was lost, or that was replayed, stays as it
 * is. Safe to repeat.
 */
export async function settleCallbackEvents(
  db: Db,
  settlements: readonly CallbackSettlement[],
): Promise<void> {
  const input = JSON.stringify(settlements.map(toRow))
  await sql`
    with input as (
      select * from json_to_recordset(${input}::json) as i(event_id uuid, callback_id uuid, number smallint, state text,
        due_at timestamptz, error text, tried boolean, at timestamptz, latency_ms integer, status smallint,
        now timestamptz)
    ),
    settled as (
      update callback_event e set state = i.state, due_at = coalesce(i.due_at, e.due_at), error = i.error,
        claimed_until = null, settled_at = case when i.state <> 'pending' then i.now end
      from input i where e.id = i.event_id and e.attempts = i.number and e.state = 'delivering'
    )
    insert into callback_attempt (event_id, number, callback_id, at, latency_ms, status, error)
    select event_id, number, callback_id, at, latency_ms, status, error from input where tried order by at
    on conflict do nothing`.execute(db)
}

function toRow({ due, state, dueAt, error, attempt, now }: CallbackSettlement) {
  return {
    event_id: due.eventId,
    callback_id: due.callbackId,
    number: due.attempt,
    state,
    due_at: dueAt,
    error,
    tried: attempt !== null,
    at: attempt?.at,
    latency_ms: attempt?.latencyMs,
    status: attempt?.status,
    now,
  }
}
