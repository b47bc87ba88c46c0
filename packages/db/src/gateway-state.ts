import { sql } from 'kysely'
import type { Db } from './connect.ts'

export interface GatewayState {
  state: 'running' | 'paused'
  reason: string
  /** When the back-up was taken that the database was restored from. */
  restoredTo: Date | null
}

/** Without a row it runs: nothing was ever restored. */
export async function findGatewayState(db: Db): Promise<GatewayState> {
  const row = await db.selectFrom('gateway_state').selectAll().executeTakeFirst()
  return row
    ? { state: row.state, reason: row.reason, restoredTo: row.restored_to }
    : { state: 'running', reason: 'never restored', restoredTo: null }
}

/** For a statement that claims: nothing is claimed while the gateway stands still. */
export const isRunning = sql<boolean>`not exists (select from gateway_state where state = 'paused')`

/** For a message `m`: its time passed while the gateway stood still the last time. */
export const expiredInPause = sql<boolean>`exists (select from gateway_state g
  where m.expires_at >= g.paused_at and m.expires_at <= g.resumed_at)`

/** Until what may have been sent since is held. */
export const RESTORING = 'a restore is under way'

export type HeldMessages = 'end' | 'send'

/**
 * Starts a restored gateway. What waited when the back-up was taken may have been sent since: it ends as `unknown`, so
 * that nobody is texted twice, or it is sent after all. How many those were; `undefined` where it was running.
 */
export async function resumeGateway(
  db: Db,
  { held, now }: { held: HeldMessages; now: Date },
): Promise<number | undefined> {
  const { reason } = await findGatewayState(db)
  if (reason === RESTORING)
    throw new Error('the restore did not end: restore into an empty database again')
  return db.transaction().execute(async (trx) => {
    const resumed = await trx
      .updateTable('gateway_state')
      .set({ state: 'running', reason: 'resumed by an operator', changed_at: now, resumed_at: now })
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
