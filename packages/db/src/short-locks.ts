import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db, DbTransaction } from './connect.ts'

/** So long do the others wait behind one who waits for a whole table: a request bears it. */
const LOCK_LIMIT_MS = 250
const PAUSE_MS = 500
const TRIES = 8
const LOCK_NOT_AVAILABLE = '55P03'

/**
 * A transaction that changes tables which everybody writes to. It gives up a lock that it does not get at once, since
 * all others queue behind it meanwhile, lets them pass, and tries again. `undefined` where it never got it. Only for work
 * that is safe to repeat.
 */
export async function withShortLocks<T>(
  db: Db,
  run: (trx: DbTransaction) => Promise<T>,
): Promise<T | undefined> {
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      return await db.transaction().execute(async (trx) => {
        await sql`select set_config('lock_timeout', ${`${LOCK_LIMIT_MS}ms`}, true)`.execute(trx)
        return run(trx)
      })
    } catch (err) {
      if (!isLockMissed(err)) throw err
    }
    if (tries < TRIES) await sleep(PAUSE_MS)
  }
  return undefined
}

function isLockMissed(err: unknown): boolean {
  return err instanceof Error && 'code' in err && err.code === LOCK_NOT_AVAILABLE
}
