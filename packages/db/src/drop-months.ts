import { type RawBuilder, sql } from 'kysely'
import type { Month } from '@sms-gateway/domain/months'
import type { Db, DbTransaction } from './connect.ts'
import { PARTITIONED_TABLES, type PartitionedTable } from './partitioned-tables.ts'
import { listPartitions } from './partitions.ts'
import { withShortLocks } from './short-locks.ts'

export interface DroppedMonths {
  dropped: string[]
  /** Old enough, but some of their messages are not at their end. */
  waiting: string[]
  /** They were in use just then: the next run tries again. */
  busy: string[]
}

/**
 * Drops the months before this one, messages first: of a month whose messages are gone, the rest follows in this run or
 * in a later one. Each table is a transaction of its own, so nobody waits longer than for one lock.
 */
export async function dropMonths(
  db: Db,
  firstKept: Month,
  signal?: AbortSignal,
): Promise<DroppedMonths> {
  const result: DroppedMonths = { dropped: [], waiting: [], busy: [] }
  const existing = await listPartitions(db)
  const old = PARTITIONED_TABLES.flatMap((table) => existing[table])
    .filter(({ to }) => to <= firstKept.from)
    .map(({ suffix }) => suffix)
  for (const suffix of [...new Set(old)].sort()) {
    if (signal?.aborted) return result
    result[await dropMonth(db, suffix)].push(suffix)
  }
  return result
}

async function dropMonth(db: Db, suffix: string): Promise<keyof DroppedMonths> {
  if (await hasOpenMessages(db, suffix)) return 'waiting'
  for (const table of PARTITIONED_TABLES) {
    const outcome = await withShortLocks(db, (trx) => dropPartition(trx, table, suffix))
    if (outcome !== 'dropped') return outcome ?? 'busy'
  }
  return 'dropped'
}

/** Looked at again under the lock: what is dropped is what was found to be at its end. */
async function dropPartition(
  trx: DbTransaction,
  table: PartitionedTable,
  suffix: string,
): Promise<'dropped' | 'waiting'> {
  await sql`lock table only ${sql.table(table)} in access exclusive mode`.execute(trx)
  if (table === 'message' && (await hasOpenMessages(trx, suffix))) return 'waiting'
  await sql`drop table if exists ${sql.table(`${table}_${suffix}`)}`.execute(trx)
  return 'dropped'
}

/** By the indexes of what waits, is claimed, or is sent: each condition is one of theirs. */
const OPEN = [
  sql<boolean>`status in ('accepted', 'scheduled', 'held', 'queued')`,
  sql<boolean>`status = 'sending'`,
  sql<boolean>`status = 'sent'`,
]

async function hasOpenMessages(db: Db, suffix: string): Promise<boolean> {
  const partition = `message_${suffix}`
  const { rows: found } = await sql<{ found: boolean }>`
    select to_regclass(${partition}) is not null as found`.execute(db)
  if (!found[0]?.found) return false
  const anyOf = (condition: RawBuilder<boolean>) =>
    sql`exists (select from ${sql.table(partition)} where ${condition})`
  const { rows } = await sql<{ open: boolean }>`
    select ${sql.join(OPEN.map(anyOf), sql` or `)} as open`.execute(db)
  return rows[0]?.open === true
}
