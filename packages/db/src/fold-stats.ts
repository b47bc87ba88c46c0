import { sql } from 'kysely'
import { addStats, hourText } from './add-stats.ts'
import { ADVISORY_LOCKS } from './advisory-lock.ts'
import type { Db, DbTransaction } from './connect.ts'
import { liveParts } from './fold-live.ts'
import {
  gatherStats,
  STAT_FIGURES,
  STAT_GRAINS,
  type StatChange,
  type StatGrain,
} from './stat-grain.ts'

/** What a transaction folds at most: the rows are in this process's memory. */
const LIMIT = 5_000
/** So many dead rows are worth a vacuum of our own: the next run reads over them. */
const VACUUM_OVER = 10_000

/**
 * Adds the changes that the trigger on `message` has written to the roll-ups, each exactly once: they are deleted in the
 * same transaction. One process at a time; the others return at once. How many there were.
 *
 * Changes of one message may be taken in any order: they are sums, and come out right when all are in.
 */
export async function foldStats(
  db: Db,
  { timeZone, signal }: { timeZone: string; signal?: AbortSignal },
): Promise<number> {
  let folded = 0
  for (;;) {
    const count = await db.transaction().execute((trx) => foldSome(trx, timeZone))
    folded += count
    if (count < LIMIT || signal?.aborted) break
  }
  if (folded > VACUUM_OVER) await sql`vacuum (skip_locked) stat_delta`.execute(db)
  return folded
}

async function foldSome(trx: DbTransaction, timeZone: string): Promise<number> {
  const lock = ADVISORY_LOCKS.stats
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${lock}) as taken`.execute(trx)
  if (!rows[0]?.taken) return 0
  const changes = await takeDeltas(trx, timeZone)
  for (const grain of GRAINS) await addStats(trx, grain, gatherStats(grain, changes))
  return changes.length
}

const GRAINS = Object.keys(STAT_GRAINS).filter((name): name is StatGrain => name in STAT_GRAINS)

async function takeDeltas(trx: DbTransaction, timeZone: string): Promise<StatChange[]> {
  const { rows } = await sql<StatChange>`
    with taken as (
      delete from stat_delta where ctid = any(array(select ctid from stat_delta limit ${LIMIT}))
      returning *
    ),
    ${liveParts},
    placed as (
      select *, date_trunc('hour', at, ${timeZone}) as hour, (at at time zone ${timeZone})::date::text as day from taken
    )
    select ${hourText} as hour, day, client_id, provider, message_type, template_code, variant, campaign_id, customer_id,
      ${sql.join(STAT_FIGURES.map((figure) => sql.ref(figure)))}, delays
    from placed`.execute(trx)
  return rows
}
