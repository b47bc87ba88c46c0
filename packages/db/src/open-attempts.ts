import { sql } from 'kysely'
import type { AttemptKey } from '@sms-gateway/domain/ids'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { oneOf } from './one-of.ts'
import { prepared } from './prepared.ts'
import { BLANK } from './subject.ts'

export interface NewAttempt extends AttemptKey {
  provider: ProviderName
  workerId: string
  openedAt: Date
  /** Why this provider: the line of the timeline says it. */
  reason?: string | null
}

/**
 * Commits the attempts, before a byte goes out. `false` where the message is no longer this worker's, or its newest
 * attempt is another one, or its recipient was erased meanwhile: then nothing may be sent.
 */
export async function openAttempts(db: Db, attempts: readonly NewAttempt[]): Promise<boolean[]> {
  // The ids stand in each statement on a partitioned table, so that only their months are planned and searched.
  const ids = attempts.map(({ messageId }) => messageId)
  const input = attempts.map(({ messageId, number, provider, workerId, openedAt, reason }) => ({
    message_id: messageId,
    number,
    provider,
    worker_id: workerId,
    opened_at: openedAt,
    error_detail: reason ?? null,
  }))
  const { rows } = await sql<{ id: string }>`${prepared('open-attempts')}
    with input as (select * from json_populate_recordset(null::attempt, ${JSON.stringify(input)}::json)),
    locked as (
      select id from message where ${oneOf('id', ids)} order by id for update
    ),
    mine as materialized (select i.* from input i join locked on locked.id = i.message_id),
    owned as (
      update message m set attempt_number = i.number, attempt_open = true, provider = i.provider,
        updated_at = i.opened_at
      from mine i
      where ${oneOf('m.id', ids)} and m.id = i.message_id and m.status is not distinct from 'sending'
        and m.claimed_by = i.worker_id and not m.attempt_open
        and not m.in_doubt and m.attempt_number = i.number - 1 and m.recipient_cipher <> ${BLANK}
      returning m.id
    ),
    opened as (
      insert into attempt (message_id, number, provider, state, worker_id, opened_at)
      select i.message_id, i.number, i.provider, 'open', i.worker_id, i.opened_at
      from input i join owned on owned.id = i.message_id
    ),
    told as (
      insert into message_event (message_id, status, at, provider, detail)
      select i.message_id, 'sending', i.opened_at, i.provider, i.error_detail from input i join owned on owned.id = i.message_id
    )
    select id from owned`.execute(db)
  const opened = new Set(rows.map(({ id }) => id))
  return attempts.map(({ messageId }) => opened.has(messageId))
}
