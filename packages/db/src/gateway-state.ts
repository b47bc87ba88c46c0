import { sql } from 'kysely'
import type { Db } from './connect.ts'

export interface GatewayState {
  state: 'running' | 'paused'
  reason: string
  /** When the back-up was taken that the database was restored from. */
  restoredTo: Date | null
  /** Of the last time that it stood still; null where there was none. */
  pausedAt: Date | null
  resumedAt: Date | null
  changedAt: Date | null
  /** The API key, or the command, that changed it last. */
  actor: string | null
}

const NEVER_PAUSED = {
  restoredTo: null,
  pausedAt: null,
  resumedAt: null,
  changedAt: null,
  actor: null,
}

/** Without a row it runs: it was never paused. */
export async function findGatewayState(db: Db): Promise<GatewayState> {
  const row = await db.selectFrom('gateway_state').selectAll().executeTakeFirst()
  return row
    ? {
        state: row.state,
        reason: row.reason,
        restoredTo: row.restored_to,
        pausedAt: row.paused_at,
        resumedAt: row.resumed_at,
        changedAt: row.changed_at,
        actor: row.actor,
      }
    : { ...NEVER_PAUSED, state: 'running', reason: 'never paused' }
}

/** For a statement that claims: nothing is claimed while the gateway stands still. */
export const isRunning = sql<boolean>`not exists (select from gateway_state where state = 'paused')`

/** For a message `m`: its time passed while the gateway stood still the last time. */
export const expiredInPause = sql<boolean>`exists (select from gateway_state g
  where m.expires_at >= g.paused_at and m.expires_at <= g.resumed_at)`

/** Until what may have been sent since is held. */
export const RESTORING = 'a restore is under way'

/** Nothing is claimed from the commit on. Whoever paused it first has said why: a second one changes nothing. */
export async function pauseGateway(
  db: Db,
  { reason, actor, now }: { reason: string; actor: string; now: Date },
): Promise<void> {
  const paused = { reason, actor, changed_at: now, paused_at: now, resumed_at: null }
  await db
    .insertInto('gateway_state')
    .values({ ...paused, state: 'paused', restored_to: null })
    .onConflict((oc) =>
      oc
        .column('one')
        .doUpdateSet({ ...paused, state: 'paused' })
        .where('gateway_state.state', '=', 'running'),
    )
    .execute()
}

export type HeldMessages = 'end' | 'send'

/**
 * Starts a gateway that was paused, or restored. What waited when the back-up was taken may have been sent since: it ends as `unknown`, so
 * that nobody is texted twice, or it is sent after all. How many those were; `undefined` where it was running.
 */
export async function resumeGateway(
  db: Db,
  { held, actor, now }: { held: HeldMessages; actor: string; now: Date },
): Promise<number | undefined> {
  const { reason } = await findGatewayState(db)
  if (reason === RESTORING)
    throw new Error('the restore did not end: restore into an empty database again')
  return db.transaction().execute(async (trx) => {
    const resumed = await trx
      .updateTable('gateway_state')
      .set({
        state: 'running',
        reason: 'resumed by an operator',
        actor,
        changed_at: now,
        resumed_at: now,
      })
      .where('state', '=', 'paused')
      .returning('state')
      .executeTakeFirst()
    if (!resumed) return undefined
    const status = held === 'end' ? 'unknown' : 'queued'
    const code = held === 'end' ? 'restored' : null
    const { rows } = await sql<{ count: number }>`
      with moved as (
        update message set status = ${status}, hold_reason = null, not_before = null, ring_at = ${now},
          error_code = ${code}, updated_at = ${now}
        where status = 'held' and hold_reason = 'restored'
        returning id
      ),
      told as (
        insert into message_event (message_id, status, at, error_code) select id, ${status}, ${now}, ${code} from moved
      )
      select count(*)::int as count from moved`.execute(trx)
    return rows[0]?.count ?? 0
  })
}
