import type { CallbackHealth, HealthChange } from '@sms-gateway/domain/callback-health'
import { disableCallback } from './change-callbacks.ts'
import type { Db } from './connect.ts'

/** Decides under a lock of its row, so that failures that come together are each counted. Whether it is disabled now. */
export async function changeCallbackHealth(
  db: Db,
  id: string,
  now: Date,
  decide: (health: CallbackHealth) => HealthChange,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('callback')
      .select(['failures', 'failing_since', 'paused_until'])
      .where('id', '=', id)
      .where('state', '=', 'active')
      .forUpdate()
      .executeTakeFirst()
    if (!row) return false
    const change = decide({
      failures: row.failures,
      failingSince: row.failing_since,
      pausedUntil: row.paused_until,
    })
    if (change.kind === 'disable') return disableCallback(trx, id, change.reason, now)
    const { failures, failingSince, pausedUntil } = change.health
    await trx
      .updateTable('callback')
      .set({ failures, failing_since: failingSince, paused_until: pausedUntil })
      .where('id', '=', id)
      .execute()
    return false
  })
}

/** Of most there is nothing to forgive, and then nothing is written. */
export async function forgiveCallbacks(db: Db, ids: readonly string[]): Promise<void> {
  await db
    .updateTable('callback')
    .set({ failures: 0, failing_since: null, paused_until: null })
    .where('id', 'in', [...ids])
    .where('failures', '>', 0)
    .execute()
}
