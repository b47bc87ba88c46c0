import { sql } from 'kysely'
import { type BudgetCounter, type CounterLimits, listPassed } from '@sms-gateway/domain/budget'
import { NO_CLIENT } from './budgets.ts'
import type { Db, DbTransaction } from './connect.ts'

export interface LockedCounter {
  /** Of its row. */
  rowId: number
  used: number
}

/** Parameters a statement may have: eight a row. */
const CHUNK = 1_000

interface CounterRow {
  place: number
  id: number
  used: number
}

/**
 * Those that nobody has needed yet are made, and begin with nothing: a new day or month does, and what was accepted before a
 * budget was set is added by `countBudgets`. Before a transaction, or at its beginning.
 */
export async function ensureCounters(db: Db, limits: readonly CounterLimits[]): Promise<void> {
  const known = new Set((await findCounters(db, limits, sql``)).map(({ place }) => place))
  // In the order of all, so that two that make the same ones wait instead of deadlocking.
  const missing = limits.flatMap(({ counter }, place) =>
    known.has(place) ? [] : [{ ...toColumns(counter), base: 0, used: 0 }],
  )
  for (let start = 0; start < missing.length; start += CHUNK) {
    await db
      .insertInto('budget_counter')
      .values(missing.slice(start, start + CHUNK))
      .onConflict((oc) => oc.doNothing())
      .execute()
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
