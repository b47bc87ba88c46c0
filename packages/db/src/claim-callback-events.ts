import { sql } from 'kysely'
import type { CallbackEventType } from '@sms-gateway/domain/callback-event'
import type { Db, DbTransaction } from './connect.ts'
import type { Vault } from './vault.ts'

/** An event that is to be handed over now, by whoever claimed it. */
export interface DueCallback {
  eventId: string
  callbackId: string
  clientId: string
  type: CallbackEventType
  subjectId: string
  occurredAt: Date
  expiresAt: Date
  /** Of its newest attempt: who settles another one settles nothing. */
  attempt: number
  /** The same, from 1 again after a replay. */
  round: number
  url: string
  /** The newest first. */
  secrets: readonly string[]
}

export interface ClaimRequest {
  now: Date
  /** What was claimed and is not settled by then goes to somebody else. */
  leaseMs: number
  /** In all. */
  limit: number
  /** Of one callback at once, over all replicas; of one that fails only a single one. */
  perCallback: number
}

/** Claims what is due, of each callback a fair share. */
export async function claimCallbackEvents(
  db: Db,
  vault: Vault,
  request: ClaimRequest,
): Promise<DueCallback[]> {
  await releaseLostClaims(db, request.now)
  const rows = await db.transaction().execute(async (trx) => {
    const ready = await lockReadyCallbacks(trx, request)
    return ready.length === 0 ? [] : claimOf(trx, ready, request)
  })
  return rows.map((row) => toDue(vault, row))
}

/** Replicas that claim of one callback at once would both fill it up: who comes second passes it by. */
async function lockReadyCallbacks(
  trx: DbTransaction,
  { now, limit }: ClaimRequest,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from callback c
    where state = 'active' and (paused_until is null or paused_until <= ${now})
      and exists (select from callback_event e
        where e.callback_id = c.id and e.state = 'pending' and e.due_at <= ${now})
    order by random() limit ${limit} for update skip locked`.execute(trx)
  return rows.map(({ id }) => id)
}

/** A statement of its own: it sees all that was claimed before the locks were had. */
async function claimOf(
  trx: DbTransaction,
  ready: readonly string[],
  { now, leaseMs, limit, perCallback }: ClaimRequest,
): Promise<ClaimedRow[]> {
  const until = new Date(now.getTime() + leaseMs)
  const share = Math.max(1, Math.floor(limit / ready.length))
  const { rows } = await sql<ClaimedRow>`
    with room as (
      select c.id, least(${share}::integer, case when c.failures > 0 then 1 else ${perCallback}::integer end
        - (select count(*) from callback_event e where e.callback_id = c.id and e.state = 'delivering')) as free
      from callback c where c.id = any(${ready}::uuid[])
    ),
    picked as (
      select e.id from room cross join lateral (
        select id from callback_event
        where callback_id = room.id and state = 'pending' and due_at <= ${now}
        order by due_at limit greatest(0, room.free) for update skip locked
      ) e
    )
    update callback_event e set state = 'delivering', attempts = attempts + 1, claimed_until = ${until}
    from callback c
    where e.id in (select id from picked) and c.id = e.callback_id
    returning e.id, e.callback_id, e.type, e.subject_id, e.occurred_at, e.expires_at, e.attempts, e.attempts_before,
      c.client_id, c.url_cipher, c.secret_cipher,
      case when c.old_secret_until > ${now} then c.old_secret_cipher end as old_secret_cipher`.execute(
    trx,
  )
  return rows
}

interface ClaimedRow {
  id: string
  callback_id: string
  type: CallbackEventType
  subject_id: string
  occurred_at: Date
  expires_at: Date
  attempts: number
  attempts_before: number
  client_id: string
  url_cipher: Buffer
  secret_cipher: Buffer
  old_secret_cipher: Buffer | null
}

function toDue(vault: Vault, row: ClaimedRow): DueCallback {
  const { callback_id: callbackId, old_secret_cipher: old } = row
  const sealed = old ? [row.secret_cipher, old] : [row.secret_cipher]
  return {
    eventId: row.id,
    callbackId,
    clientId: row.client_id,
    type: row.type,
    subjectId: row.subject_id,
    occurredAt: row.occurred_at,
    expiresAt: row.expires_at,
    attempt: row.attempts,
    round: row.attempts - row.attempts_before,
    url: vault.open(row.url_cipher, callbackId),
    secrets: sealed.map((each) => vault.open(each, callbackId)),
  }
}

/** Of a worker that died: nobody knows whether the receiver has it, so it goes again. */
async function releaseLostClaims(db: Db, now: Date): Promise<void> {
  await sql`
    update callback_event set state = 'pending', claimed_until = null
    where id in (select id from callback_event where state = 'delivering' and claimed_until <= ${now}
      for update skip locked)`.execute(db)
}
