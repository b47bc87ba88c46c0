import { sql } from 'kysely'
import { firstIdAt, timeOfId } from '@sms-gateway/domain/ids'
import { type Month, monthOf, monthsRound, readMonth } from '@sms-gateway/domain/months'
import type { Db } from './connect.ts'
import { makePartition } from './make-partition.ts'
import { PARTITION_KEYS, PARTITIONED_TABLES, type PartitionedTable } from './partitioned-tables.ts'
import { withShortLocks } from './short-locks.ts'

/**
 * Makes the partitions from last month to three months ahead. The default one catches what falls outside, while nobody
 * makes partitions for months: rows that lie there get partitions too, and move over.
 */
export async function ensurePartitions(db: Db, now: Date): Promise<void> {
  const existing = await listPartitions(db)
  for (const table of PARTITIONED_TABLES) {
    const months = [...monthsRound(now), ...(await findStray(db, table))]
    const missing = months.filter(({ suffix }) => !existing[table].some((m) => m.suffix === suffix))
    for (const month of new Map(missing.map((each) => [each.suffix, each])).values()) {
      const made = await withShortLocks(db, (trx) => makePartition(trx, table, month))
      if (made === undefined)
        throw new Error(`${table} is in use: the partition ${month.suffix} waits`)
    }
  }
}

/** The months that each table has a partition of, oldest first. */
export async function listPartitions(db: Db): Promise<Record<PartitionedTable, Month[]>> {
  const { rows } = await sql<{ parent: PartitionedTable; name: string }>`
    select parent.relname as parent, child.relname as name from pg_inherits
    join pg_class child on child.oid = inhrelid
    join pg_class parent on parent.oid = inhparent
    where parent.relname in (${sql.join(PARTITIONED_TABLES)})
      and child.relnamespace = current_schema()::regnamespace
    order by child.relname`.execute(db)
  const monthsOf = (table: PartitionedTable) =>
    rows
      .filter(({ parent }) => parent === table)
      .map(({ name }) => readMonth(name.slice(table.length + 1)))
      .filter((month) => month !== undefined)
  return {
    message: monthsOf('message'),
    message_event: monthsOf('message_event'),
    attempt: monthsOf('attempt'),
    money_entry: monthsOf('money_entry'),
  }
}

/** The months of the rows that the default partition has. */
async function findStray(db: Db, table: PartitionedTable): Promise<Month[]> {
  const column = sql.ref(PARTITION_KEYS[table])
  const months: Month[] = []
  for (let from = firstIdAt(new Date(0)); ;) {
    const { rows } = await sql<{ id: string }>`
      select ${column} as id from ${sql.table(`${table}_default`)} where ${column} >= ${from}::uuid
      order by ${column} limit 1`.execute(db)
    const [first] = rows
    if (!first) return months
    const month = monthOf(timeOfId(first.id))
    months.push(month)
    from = firstIdAt(month.to)
  }
}
