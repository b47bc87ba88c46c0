import { sql } from 'kysely'
import { MessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'

/** A worker that was not seen for this long is dead: with the sweeper's 5 s, its claims are noticed within 15 s. */
export const WORKER_SILENCE_SECONDS = 8
const FORGET_AFTER_HOURS = 24

/** By the database's clock, so that workers on machines whose clocks differ are judged by one. */
export async function beatWorker(db: Db, worker: { id: string; name: string }): Promise<void> {
  await db
    .insertInto('worker')
    .values(worker)
    .onConflict((oc) => oc.column('id').doUpdateSet({ seen_at: sql<Date>`now()` }))
    .execute()
}

/** A worker that stops in order says so, and what it still holds is free at once. */
export async function removeWorker(db: Db, id: string): Promise<void> {
  await db.deleteFrom('worker').where('id', '=', id).execute()
}

export async function forgetOldWorkers(db: Db): Promise<void> {
  await db
    .deleteFrom('worker')
    .where('seen_at', '<', sql<Date>`now() - make_interval(hours => ${FORGET_AFTER_HOURS})`)
    .execute()
}

export interface RecoveredMessage {
  id: MessageId
  lane: Lane
}

/** Claims of dead workers without an attempt: nothing was submitted, so they are simply queued again. */
export async function requeueLostClaims(
  db: Db,
  now: Date,
  limit: number,
): Promise<RecoveredMessage[]> {
  const { rows } = await sql<{ id: string; lane: Lane }>`
    with lost as (
      select id from message
      where status = 'sending' and not attempt_open and not in_doubt and claimed_by is not null
        and ${isDead()}
      order by id limit ${limit} for update skip locked
    ),
    moved as (
      update message m set status = 'queued', claimed_by = null, ring_at = ${now}, updated_at = ${now}
      from lost where m.id = lost.id
      returning m.id, m.lane
    ),
    told as (
      insert into message_event (message_id, status, at, detail)
      select id, 'queued', ${now}, 'its worker died before a submission' from moved
    )
    select id, lane from moved`.execute(db)
  return rows.map(({ id, lane }) => ({ id: MessageId.parse(id), lane }))
}

export interface LostAttempt {
  messageId: MessageId
  number: number
  provider: ProviderName
  messageType: string
  expiresAt: Date
  /** This attempt left out. */
  countedAttempts: number
  /** An earlier attempt has had some of its parts taken. */
  partsTaken: boolean
}

/** Open attempts of dead workers: each may have been taken. The caller settles them as in doubt. */
export async function findLostAttempts(db: Db, limit: number): Promise<LostAttempt[]> {
  const { rows } = await sql<{
    id: string
    attempt_number: number
    provider: ProviderName
    message_type: string
    expires_at: Date
    counted_attempts: number
    pinned_provider: ProviderName | null
  }>`
    select id, attempt_number, provider, message_type, expires_at, counted_attempts, pinned_provider from message
    where status = 'sending' and attempt_open and claimed_by is not null and ${isDead()}
    order by id limit ${limit}`.execute(db)
  return rows.map((row) => ({
    messageId: MessageId.parse(row.id),
    number: row.attempt_number,
    provider: row.provider,
    messageType: row.message_type,
    expiresAt: row.expires_at,
    countedAttempts: row.counted_attempts,
    partsTaken: row.pinned_provider !== null,
  }))
}

/** While PostgreSQL itself was away nobody could be seen: after its start everybody gets the same time to be. */
function isDead() {
  return sql<boolean>`pg_postmaster_start_time() < now() - make_interval(secs => ${WORKER_SILENCE_SECONDS})
    and not exists (select from worker w where w.id = claimed_by
    and w.seen_at > now() - make_interval(secs => ${WORKER_SILENCE_SECONDS}))`
}
