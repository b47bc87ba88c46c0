import { type RawBuilder, sql } from 'kysely'
import type { Db } from './connect.ts'
import type { Erasure } from './erasures.ts'
import { isErased } from './is-erased.ts'
import { BLANK } from './subject.ts'

function isTheirs(erasure: Erasure): RawBuilder<boolean> {
  const columns = { sealed: 'm.recipient_cipher', at: 'm.created_at' }
  return sql<boolean>`m.recipient_hash = ${erasure.recipientHash} and ${isErased(erasure, columns)}`
}

/**
 * Ends what is not with a provider: nothing of it is sent any more. What may have been taken, or was in parts, is
 * `unknown`, since nobody can be asked about a number that is gone. One whose submission is on its way is left alone
 * until its answer is in. Returns how many ended.
 */
export async function stopMessages(db: Db, erasure: Erasure, now: Date): Promise<number> {
  const { rows } = await sql`
    with locked as (
      select m.id from message m
      where ${isTheirs(erasure)} and (m.status in ('accepted', 'scheduled', 'held', 'queued')
        or m.status = 'sending' and not m.attempt_open)
      order by m.id for update
    ),
    moved as (
      update message m set claimed_by = null, in_doubt = false, not_before = null, hold_reason = null,
        cost_milli = cost_after('unknown', m.cost_milli, m.charged_milli), updated_at = ${now},
        status = case when m.in_doubt or m.possible_duplicate or m.pinned_provider is not null then 'unknown'
          else 'cancelled' end
      from locked where m.id = locked.id
      returning m.id, m.status
    ),
    asked as (
      update attempt a set check_at = null from moved
      where a.message_id = moved.id and a.check_at is not null
    )
    insert into message_event (message_id, status, at, error_code)
    select id, status, ${now}, 'erased' from moved
    returning message_id`.execute(db)
  return rows.length
}

/** What is on its way goes to no second provider: its number and text are gone before its answer is in. */
export async function blankSubmitted(db: Db, erasure: Erasure): Promise<number> {
  const { rows } = await sql`
    with locked as (
      select m.id from message m
      where ${isTheirs(erasure)} and m.attempt_open and m.recipient_cipher <> ${BLANK}
      order by m.id for update
    )
    update message m set recipient_cipher = ${BLANK}, content_cipher = ${BLANK}
    from locked where m.id = locked.id
    returning m.id`.execute(db)
  return rows.length
}

export interface Blanked {
  /** They held something until now. */
  messages: number
  /** Of this batch: fewer than its limit means that no more can be done for now. */
  looked: number
}

/**
 * Blanks a batch of what has ended or is with a provider. A message whose submission is on its way is blanked too and
 * keeps its place in the list, to be looked at again when its answer is in: that may repeat the number. The others lose
 * the hash of the number: nothing joins them to the person any more, but that they were sent still counts.
 */
export async function blankMessages(db: Db, erasure: Erasure, limit: number): Promise<Blanked> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: string; held: boolean }>`
      select m.id, m.recipient_cipher <> ${BLANK} as held from message m
      where ${isTheirs(erasure)} and (m.recipient_cipher <> ${BLANK} or not m.attempt_open)
      order by m.id limit ${limit} for update`.execute(trx)
    const ids = rows.map(({ id }) => id)
    if (ids.length === 0) return { messages: 0, looked: 0 }
    await sql`
      update message set recipient_cipher = ${BLANK}, content_cipher = ${BLANK}, error_detail = null, warnings = '[]',
        customer_id = null,
        recipient_hash = case when attempt_open then recipient_hash else sha256(uuid_send(gen_random_uuid())) end
      where id = any(${ids}::uuid[])`.execute(trx)
    await sql`update message_event set detail = null
      where message_id = any(${ids}::uuid[]) and detail is not null`.execute(trx)
    await sql`update attempt set error_detail = null
      where message_id = any(${ids}::uuid[]) and error_detail is not null`.execute(trx)
    await sql`update receipt r set body_cipher = ${BLANK}, detail = null, recipient_hash = null
      from provider_reference p
      where p.message_id = any(${ids}::uuid[]) and r.provider = p.provider and r.reference = p.reference`.execute(
      trx,
    )
    await sql`update provider_reference set poll_at = null
      where message_id = any(${ids}::uuid[]) and poll_at is not null`.execute(trx)
    return { messages: rows.filter(({ held }) => held).length, looked: rows.length }
  })
}

/** Whether a submission to the person is still on its way: its answer is to be blanked when it comes. */
export async function hasOpenSubmission(db: Db, erasure: Erasure): Promise<boolean> {
  const { rows } = await sql`
    select from message m where ${isTheirs(erasure)} limit 1`.execute(db)
  return rows.length > 0
}
