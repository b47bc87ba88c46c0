import { sql } from 'kysely'
import type { CallbackEventType } from '@sms-gateway/domain/callback-event'
import type { Db } from './connect.ts'
import type { CallbackEventState } from './schema/callbacks.ts'

export interface CallbackAttempt {
  id: number
  eventId: string
  type: CallbackEventType
  number: number
  at: Date
  latencyMs: number
  status: number | null
  error: string | null
}

/** Newest first. */
export async function listCallbackAttempts(
  db: Db,
  {
    callbackId,
    eventId,
    before,
    limit,
  }: { callbackId: string; eventId?: string; before: number | undefined; limit: number },
): Promise<CallbackAttempt[]> {
  const rows = await db
    .selectFrom('callback_attempt as a')
    .innerJoin('callback_event as e', 'e.id', 'a.event_id')
    .select(['a.id', 'a.event_id', 'e.type', 'a.number', 'a.at', 'a.latency_ms', 'a.status'])
    .select('a.error')
    .where('a.callback_id', '=', callbackId)
    .$if(eventId !== undefined, (query) => query.where('a.event_id', '=', eventId ?? ''))
    .$if(before !== undefined, (query) => query.where('a.id', '<', before ?? 0))
    .orderBy('a.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ event_id: eventIdOf, latency_ms: latencyMs, ...row }) => ({
    ...row,
    eventId: eventIdOf,
    latencyMs,
  }))
}

export interface CallbackEvent {
  id: string
  type: CallbackEventType
  subjectId: string
  occurredAt: Date
  state: CallbackEventState
  attempts: number
  dueAt: Date
  expiresAt: Date
  error: string | null
  settledAt: Date | null
}

/** Where a page of events begins: they are listed newest first. */
export interface CallbackEventPlace {
  occurredAt: Date
  id: string
}

export async function listCallbackEvents(
  db: Db,
  {
    callbackId,
    states,
    before,
    limit,
  }: {
    callbackId: string
    states?: readonly CallbackEventState[]
    before: CallbackEventPlace | undefined
    limit: number
  },
): Promise<CallbackEvent[]> {
  const rows = await db
    .selectFrom('callback_event')
    .selectAll()
    .where('callback_id', '=', callbackId)
    .$if(states !== undefined, (query) => query.where('state', 'in', [...(states ?? [])]))
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(occurred_at, id) < (${before?.occurredAt}, ${before?.id}::uuid)`),
    )
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    subjectId: row.subject_id,
    occurredAt: row.occurred_at,
    state: row.state,
    attempts: row.attempts,
    dueAt: row.due_at,
    expiresAt: row.expires_at,
    error: row.error,
    settledAt: row.settled_at,
  }))
}

export async function hasCallbackEvent(
  db: Db,
  callbackId: string,
  eventId: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('callback_event')
    .select('id')
    .where('id', '=', eventId)
    .where('callback_id', '=', callbackId)
    .executeTakeFirst()
  return row !== undefined
}
