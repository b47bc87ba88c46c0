import { sql } from 'kysely'
import { FRAUD_CHECK } from '@sms-gateway/domain/fraud-check'
import { MessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import type { Db } from './connect.ts'

export interface Released {
  id: MessageId
  lane: Lane
}

/** Whose messages; of all clients where it is not given. */
export interface HeldFilter {
  clientId?: string | undefined
}

export async function countSuspects(db: Db, filter: HeldFilter): Promise<number> {
  const { count } = await suspects(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** The oldest first. */
export async function listSuspects(
  db: Db,
  filter: HeldFilter,
  limit: number,
): Promise<MessageId[]> {
  const rows = await suspects(db, filter).select('id').orderBy('id').limit(limit).execute()
  return rows.map(({ id }) => MessageId.parse(id))
}

function suspects(db: Db, { clientId }: HeldFilter) {
  return db
    .selectFrom('message')
    .where('status', '=', 'held')
    .where('hold_reason', '=', FRAUD_CHECK)
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
}

/** Lets those go that wait for a fraud check; one with a time of its own waits for that. Returns those released. */
export async function releaseSuspects(
  db: Db,
  ids: readonly MessageId[],
  now: Date,
): Promise<Released[]> {
  const { rows } = await sql<{ id: string; lane: Lane }>`
    with mine as (
      select id from message
      where id = any(${ids}::uuid[]) and status = 'held' and hold_reason = ${FRAUD_CHECK}
      order by id for update
    ),
    moved as (
      update message m set status = case when m.schedule_at > ${now} then 'scheduled' else 'queued' end,
        not_before = case when m.schedule_at > ${now} then m.schedule_at end, hold_reason = null,
        ring_at = greatest(m.schedule_at, ${now}), updated_at = ${now}
      from mine where m.id = any(${ids}::uuid[]) and m.id = mine.id
      returning m.id, m.lane, m.status
    ),
    told as (
      insert into message_event (message_id, status, at, detail)
      select id, status, ${now}, 'released by an operator' from moved
    )
    select id, lane from moved`.execute(db)
  return rows.map(({ id, lane }) => ({ id: MessageId.parse(id), lane }))
}
