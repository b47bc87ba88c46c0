import { sql } from 'kysely'
import { firstIdAt } from '@sms-gateway/domain/ids'
import { ADVISORY_LOCKS } from './advisory-lock.ts'
import type { Db } from './connect.ts'

const PARTITIONED = ['message', 'message_event', 'attempt', 'money_entry'] as const
const MONTHS_BEHIND = 1
const MONTHS_AHEAD = 3

/** Makes the partitions from last month to three months ahead; the default one catches what falls outside. */
export async function ensurePartitions(db: Db, now: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${ADVISORY_LOCKS.partitions})`.execute(trx)
    const { rows } = await sql<{ name: string }>`
      select child.relname as name from pg_inherits
      join pg_class child on child.oid = inhrelid
      join pg_class parent on parent.oid = inhparent
      where parent.relname in (${sql.join(PARTITIONED)}) and child.relnamespace = current_schema()::regnamespace`.execute(
      trx,
    )
    const existing = new Set(rows.map(({ name }) => name))
    for (const { suffix, from, to } of monthsRound(now)) {
      for (const table of PARTITIONED) {
        const name = `${table}_${suffix}`
        if (existing.has(name)) continue
        await sql`create table ${sql.table(name)} partition of ${sql.table(table)}
          for values from (${sql.lit(firstIdAt(from))}) to (${sql.lit(firstIdAt(to))})`.execute(trx)
      }
    }
  })
}

interface Month {
  suffix: string
  from: Date
  to: Date
}

/** Months in UTC, as the ids count. */
export function monthsRound(now: Date): Month[] {
  return Array.from({ length: MONTHS_BEHIND + 1 + MONTHS_AHEAD }, (_, index) => {
    const offset = index - MONTHS_BEHIND
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1))
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset + 1, 1))
    const suffix = `${from.getUTCFullYear()}_${String(from.getUTCMonth() + 1).padStart(2, '0')}`
    return { suffix, from, to }
  })
}
