import { sql } from 'kysely'
import type { DbTransaction } from './connect.ts'

/** Tells these locks from those of other tables. */
const LOCK_SPACE = 5

/** A row that is not there yet cannot be locked: its code can. */
export async function lockTemplateCode(trx: DbTransaction, code: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${code}, ${LOCK_SPACE}))`.execute(trx)
}
