import { sql } from 'kysely'
import { type BudgetCounter, type CounterLimits, listPassed } from '@sms-gateway/domain/budget'
import { firstIdAt } from '@sms-gateway/domain/ids'
import { addDays, spanOfDays } from '@sms-gateway/domain/local-days'
import { NO_CLIENT } from './budgets.ts'
import type { Db, DbTransaction } from './connect.ts'

export interface LockedCounter {
  /** Of its row. */
  rowId: number
  used: number
}

interface CounterRow {
  place: number
  id: number
  used: number
}

/** By the id of each; those that nobody has needed yet are made. Before a transaction, or at its beginning. */
export async function ensureCounters(
  db: Db,
  limits: readonly CounterLimits[],
  timeZone: string,
): Promise<void> {
  const known = new Set((await findCounters(db, limits, sql``)).map(({ place }) => place))
  // In the order of all, so that two that make the same ones wait instead of deadlocking.
  for (const [place, { counter }] of limits.entries()) {
    if (!known.has(place)) await createCounter(db, counter, timeZone)
  }
}

/** Nobody else adds to them until the transaction ends. */
export async function lockCounters(
  trx: DbTransaction,
  limits: readonly CounterLimits[],
): Promise<Map<string, LockedCounter>> {
  const rows = await findCounters(trx, limits, sql`order by c.id for update of c`)
  if (rows.length !== limits.length) throw new Error('a budget has no counter')
  return new Map(
    rows.map(({ place, id, used }) => [limits[place]?.id ?? '', { rowId: id, used }] as const),
  )
}

async function findCounters(
  db: Db,
  limits: readonly CounterLimits[],
  end: ReturnType<typeof sql>,
): Promise<CounterRow[]> {
  const wanted = limits.map(({ counter }, place) => ({ place, ...toColumns(counter) }))
  const { rows } = await sql<CounterRow>`
    select w.place, c.id, c.used from json_to_recordset(${JSON.stringify(wanted)}::json) as w(place integer, scope text,
      client_id uuid, key text, period text, period_start date, unit text)
    join budget_counter c on c.scope = w.scope and c.client_id = w.client_id and c.key = w.key and c.period = w.period
      and c.period_start = w.period_start and c.unit = w.unit ${end}`.execute(db)
  return rows
}

function toColumns({ scope, clientId, key, period, periodStart, unit }: BudgetCounter) {
  return { scope, client_id: clientId ?? NO_CLIENT, key, period, period_start: periodStart, unit }
}

/** A budget that comes in the middle of its day or month begins with what was accepted in that before. */
async function createCounter(db: Db, counter: BudgetCounter, timeZone: string): Promise<void> {
  const base = await sumBefore(db, counter, timeZone)
  await db
    .insertInto('budget_counter')
    .values({ ...toColumns(counter), base, used: base })
    .onConflict((oc) => oc.doNothing())
    .execute()
}

async function sumBefore(db: Db, counter: BudgetCounter, timeZone: string): Promise<number> {
  const { scope, clientId, key, period, periodStart, unit } = counter
  const lastDay = period === 'day' ? periodStart : lastOfMonth(periodStart)
  const { from, before } = spanOfDays(periodStart, lastDay, timeZone)
  const { rows } = await sql<{ sum: number }>`
    select coalesce(sum(${unit === 'money' ? sql`e.reserved + e.spent` : sql`e.messages`}), 0)::bigint as sum
    from message m join money_entry e on e.message_id = m.id
    where m.id >= ${firstIdAt(from)} and m.id < ${firstIdAt(before)}
      and e.message_id >= ${firstIdAt(from)} and e.message_id < ${firstIdAt(before)}
      ${clientId === null ? sql`` : sql`and m.client_id = ${clientId}`}
      ${scope === 'customer' ? sql`and m.customer_id = ${key}` : sql``}
      ${scope === 'message_type' ? sql`and m.message_type = ${key}` : sql``}`.execute(db)
  return rows[0]?.sum ?? 0
}

function lastOfMonth(firstDay: string): string {
  const next = addDays(firstDay, 31)
  return addDays(`${next.slice(0, 8)}01`, -1)
}

export interface CounterMove {
  limits: CounterLimits
  rowId: number
  before: number
  after: number
  isFull: boolean
}

/** Once for each mark of each budget and period, whoever passes it. */
export async function recordAlerts(
  trx: DbTransaction,
  moves: readonly CounterMove[],
  now: Date,
): Promise<void> {
  const alerts = moves.flatMap(({ limits: { hard, soft }, rowId, ...move }) =>
    [
      { hard: true, amount: hard },
      { hard: false, amount: soft },
    ].flatMap(({ hard: isHard, amount }) =>
      amount === null
        ? []
        : listPassed(amount, { ...move, isFull: move.isFull && isHard }).map((percent) => ({
            ...{ counter_id: rowId, hard: isHard, amount, percent, used: move.after, at: now },
          })),
    ),
  )
  if (alerts.length === 0) return
  await trx
    .insertInto('budget_alert')
    .values(alerts)
    .onConflict((oc) => oc.doNothing())
    .execute()
}
