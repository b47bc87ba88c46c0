import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { firstIdAt } from '@sms-gateway/domain/ids'
import { addDays, dayOf, spanOfDays, type TimeSpan } from '@sms-gateway/domain/local-days'
import { addStats, hourText } from './add-stats.ts'
import { ADVISORY_LOCKS, withAdvisoryLock } from './advisory-lock.ts'
import type { Db, DbTransaction } from './connect.ts'
import { liveParts, recountLive } from './fold-live.ts'
import {
  gatherStats,
  STAT_FIGURES,
  STAT_GRAINS,
  type StatChange,
  type StatColumn,
} from './stat-grain.ts'

const HOUR_MS = 3_600_000
/** The other holders of the lock have it for a fraction of a second. */
const LOCK_PAUSE_MS = 50
const LOCK_TRIES = 600

export interface Rebuilt {
  firstDay: string
  lastDay: string
}

/**
 * Counts the messages anew, a day at a time, and puts what comes out in the place of what was there. Days whose messages
 * are gone, all or some of them, stay as they are. Safe beside a gateway that is at work, and safe to repeat.
 * `undefined` where there is no message at all.
 */
export async function rebuildStats(
  db: Db,
  { timeZone, onDay = () => undefined }: { timeZone: string; onDay?: (day: string) => void },
): Promise<Rebuilt | undefined> {
  const days = await findDays(db, timeZone)
  if (!days) return undefined
  for (let day = days.firstDay; day <= days.lastDay; day = addDays(day, 1)) {
    await underLock(db, () => rebuildDay(db, day, timeZone))
    onDay(day)
  }
  await underLock(db, () => inSnapshot(db, recountLive))
  return days
}

/** Messages go by whole months (UTC), and the days that a month's beginning cuts may have lost some with the one before. */
async function findDays(db: Db, timeZone: string): Promise<Rebuilt | undefined> {
  const { rows } = await sql<{ first: Date; last: Date; kept: boolean }>`
    with ends as (
      select (select created_at from message order by id limit 1) as first,
        (select created_at from message order by id desc limit 1) as last
    ),
    months as (select *, date_trunc('month', first, 'utc') as month from ends)
    select month as first, last, exists (select from stat_hour where hour < month) as kept
    from months where first is not null`.execute(db)
  const [ends] = rows
  if (!ends) return undefined
  const firstDay = dayOf(ends.first, timeZone)
  const isWhole = spanOfDays(firstDay, firstDay, timeZone).from >= ends.first || !ends.kept
  return {
    firstDay: isWhole ? firstDay : addDays(firstDay, 1),
    lastDay: dayOf(ends.last, timeZone),
  }
}

async function underLock(db: Db, run: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    // The lock before the snapshot: what the folding process commits in between would be missing in it.
    const done = await withAdvisoryLock(db, ADVISORY_LOCKS.stats, async () => {
      await run()
      return true
    })
    if (done) return
    await sleep(LOCK_PAUSE_MS)
  }
  throw new Error('another process holds the lock of the statistics')
}

async function rebuildDay(db: Db, day: string, timeZone: string): Promise<void> {
  const span = spanOfDays(day, day, timeZone)
  await inSnapshot(db, async (trx) => {
    await forgetDay(trx, day, span)
    await countDay(trx, span, timeZone)
  })
}

async function inSnapshot(db: Db, run: (trx: DbTransaction) => Promise<void>): Promise<void> {
  await db.transaction().setIsolationLevel('repeatable read').execute(run)
}

/** Changes that are waiting are in the messages that the snapshot sees; those that come later are not, and stay. */
async function forgetDay(trx: DbTransaction, day: string, { from, before }: TimeSpan) {
  await sql`
    with taken as (delete from stat_delta where at >= ${from} and at < ${before} returning *), ${liveParts}
    select 1`.execute(trx)
  await sql`delete from stat_hour where hour >= ${from} and hour < ${before}`.execute(trx)
  await sql`delete from stat_day where day = ${day}`.execute(trx)
  await sql`delete from stat_customer where day = ${day}`.execute(trx)
}

async function countDay(trx: DbTransaction, span: TimeSpan, timeZone: string) {
  const changes = await countMessages(trx, span, timeZone, STAT_GRAINS.stat_hour)
  await addStats(trx, 'stat_hour', gatherStats('stat_hour', changes))
  await addStats(trx, 'stat_day', gatherStats('stat_day', changes))
  const customers = await countMessages(trx, span, timeZone, STAT_GRAINS.stat_customer)
  await addStats(trx, 'stat_customer', gatherStats('stat_customer', customers))
}

/** Sums by the columns; the others are '' in what is returned. */
async function countMessages(
  trx: DbTransaction,
  { from, before }: TimeSpan,
  timeZone: string,
  columns: readonly StatColumn[],
): Promise<StatChange[]> {
  // Ids tell the month, and are as old as their messages.
  const firstId = firstIdAt(new Date(from.getTime() - HOUR_MS))
  const lastId = firstIdAt(new Date(before.getTime() + HOUR_MS))
  const values = ALL_COLUMNS.map((column) => {
    if (column === 'hour')
      return columns.includes('hour') ? sql`${hourText} as hour` : sql`'' as hour`
    if (column === 'day') return sql`${dayOf(from, timeZone)} as day`
    return columns.includes(column) ? sql.ref(column) : sql`'' as ${sql.ref(column)}`
  })
  const sums = STAT_FIGURES.map(
    (figure) => sql`sum(${sql.ref(figure)})::bigint as ${sql.ref(figure)}`,
  )
  const groups = columns.filter((column) => column !== 'day').map((column) => sql.ref(column))
  const { rows } = await sql<StatChange>`
    select ${sql.join(values)}, ${sql.join(sums)}, array_agg(delay) filter (where delay is not null) as delays
    from (
      select *, date_trunc('hour', at, ${timeZone}) as hour from message_stat
      where id >= ${firstId}::uuid and id < ${lastId}::uuid and created_at >= ${from} and created_at < ${before}
    ) placed
    group by ${sql.join(groups)}`.execute(trx)
  return rows
}

const ALL_COLUMNS = [...new Set([...STAT_GRAINS.stat_hour, ...STAT_GRAINS.stat_customer])]
