import { sql } from 'kysely'
import { firstIdAt } from '@sms-gateway/domain/ids'
import type { Month } from '@sms-gateway/domain/months'
import { ADVISORY_LOCKS } from './advisory-lock.ts'
import type { DbTransaction } from './connect.ts'
import { PARTITION_KEYS, type PartitionedTable } from './partitioned-tables.ts'

/** A statement of so many is over long before its limit. */
const ROWS_A_MOVE = 20_000

/**
 * A month's partition, with what the default one has of that month. Others wait for the end of it: for a moment, or for
 * as long as its rows take to move. `true` when the month has its partition.
 */
export async function makePartition(
  trx: DbTransaction,
  table: PartitionedTable,
  month: Month,
): Promise<true> {
  await sql`select pg_advisory_xact_lock(${ADVISORY_LOCKS.partitions})`.execute(trx)
  const name = `${table}_${month.suffix}`
  if (await exists(trx, name)) return true
  // The parent first, as writers do: one that has read where its row belongs, before it waits, would be refused.
  await sql`lock table only ${sql.table(table)} in access exclusive mode`.execute(trx)
  await sql`lock table ${sql.table(`${table}_default`)} in access exclusive mode`.execute(trx)
  await sql`create table ${sql.table(name)} (like ${sql.table(table)} including all)`.execute(trx)
  await moveRows(trx, table, month)
  await sql`alter table ${sql.table(table)} attach partition ${sql.table(name)}
    for values from (${sql.lit(firstIdAt(month.from))}) to (${sql.lit(firstIdAt(month.to))})`.execute(
    trx,
  )
  return true
}

async function exists(trx: DbTransaction, name: string): Promise<boolean> {
  const { rows } = await sql<{ exists: boolean }>`
    select to_regclass(${name}) is not null as exists`.execute(trx)
  return rows[0]?.exists === true
}

/** From table to table, past the triggers of the parent: nothing has happened to these messages. */
async function moveRows(trx: DbTransaction, table: PartitionedTable, { suffix, from, to }: Month) {
  const column = sql.ref(PARTITION_KEYS[table])
  for (;;) {
    const { rows } = await sql<{ moved: number }>`
      with gone as (
        delete from ${sql.table(`${table}_default`)} where ctid = any(array(
          select ctid from ${sql.table(`${table}_default`)}
          where ${column} >= ${firstIdAt(from)}::uuid and ${column} < ${firstIdAt(to)}::uuid
          limit ${ROWS_A_MOVE}))
        returning *
      ),
      moved as (insert into ${sql.table(`${table}_${suffix}`)} select * from gone returning 1)
      select count(*)::int as moved from moved`.execute(trx)
    if ((rows[0]?.moved ?? 0) < ROWS_A_MOVE) return
  }
}
