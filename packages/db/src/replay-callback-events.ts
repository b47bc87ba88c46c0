import { sql } from 'kysely'
import { CALLBACK_LIFE_MS } from '@sms-gateway/domain/callback-delivery'
import type { Db } from './connect.ts'

/** Sends it once more, as if it were new, with the same id. False where there is none, or it is on its way. */
export async function replayCallbackEvent(
  db: Db,
  { callbackId, eventId, now }: { callbackId: string; eventId: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update callback_event set ${asNew(now)}
    where id = ${eventId}::uuid and callback_id = ${callbackId}::uuid and state <> 'delivering'
    returning id`.execute(db)
  return rows.length === 1
}

export interface ReplayWindow {
  callbackId: string
  since: Date
  until: Date
  /** Only those that were given up. */
  failedOnly: boolean
  limit: number
  now: Date
}

/** Of a window, the oldest; `next` is where the rest begins. What waits or is on its way goes by itself. */
export async function replayCallbackEvents(
  db: Db,
  { callbackId, since, until, failedOnly, limit, now }: ReplayWindow,
): Promise<{ count: number; next: Date | undefined }> {
  const { rows } = await sql<{ occurred_at: Date }>`
    with window_events as (
      select id, occurred_at from callback_event
      where callback_id = ${callbackId}::uuid and occurred_at >= ${since} and occurred_at < ${until}
        and state = any(${failedOnly ? ['failed'] : ['failed', 'delivered', 'dropped']})
      order by occurred_at, id limit ${limit} for update
    ),
    replayed as (
      update callback_event e set ${asNew(now)} from window_events w where e.id = w.id
    )
    select occurred_at from window_events order by occurred_at desc, id desc`.execute(db)
  return { count: rows.length, next: rows.length < limit ? undefined : rows[0]?.occurred_at }
}

function asNew(now: Date) {
  const expiresAt = new Date(now.getTime() + CALLBACK_LIFE_MS)
  return sql`state = 'pending', attempts_before = attempts, due_at = ${now}, expires_at = ${expiresAt},
    settled_at = null, error = null`
}
