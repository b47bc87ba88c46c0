import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** What one process at a time may do, over all replicas. */
export const ADVISORY_LOCKS = {
  partitions: 7_301_001,
  sweeper: 7_301_002,
  stats: 7_301_013,
  routing: 7_301_015,
  erasures: 7_301_010,
  retention: 7_301_017,
  budgets: 7_301_021,
} as const

/**
 * Runs it while this process alone holds the lock; `undefined` at once when another one does. The lock goes with the
 * connection, so a process that dies holds nobody up.
 */
export async function withAdvisoryLock<T>(
  db: Db,
  lock: number,
  run: () => Promise<T>,
): Promise<T | undefined> {
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{
      taken: boolean
    }>`select pg_try_advisory_lock(${lock}) as taken`.execute(connection)
    if (!rows[0]?.taken) return undefined
    try {
      return await run()
    } finally {
      await sql`select pg_advisory_unlock(${lock})`.execute(connection)
    }
  })
}
