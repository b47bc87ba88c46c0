import { sql } from 'kysely'
import type { Db, DbTransaction } from './connect.ts'
import {
  type BudgetPlan,
  listCounters,
  type PlannedSpending,
  type Reservation,
  reserveBudgets,
} from './reserve-budgets.ts'
import { retryDeadlock } from './retry-deadlock.ts'

/** Room that a batch has taken of its counters, and that nobody else gets. */
export interface Hold extends Reservation {
  /** By the row of each counter. */
  amounts: ReadonlyMap<number, number>
}

/** So many are decided at once while their counters are locked. */
const CHUNK = 500

/**
 * Takes the room of a batch before its messages are stored, in transactions that last no longer than their statements:
 * the counters that it shares with others are free again at once. What it holds counts as used. `settleHold` ends it in the
 * commit of the messages; where that never comes, `releaseHold` or the scheduler gives it back.
 */
export async function holdBudgets(
  db: Db,
  batchId: string,
  { spendings }: BudgetPlan,
  now: Date,
): Promise<Hold> {
  const admitted: boolean[] = []
  const rowIds = new Map<string, number>()
  const amounts = new Map<number, number>()
  const undecided = new Set<number>()
  for (let start = 0; start < spendings.length; start += CHUNK) {
    const chunk = spendings.slice(start, start + CHUNK)
    const plan = { spendings: chunk, counters: listCounters(chunk) }
    if (plan.counters.length === 0) {
      admitted.push(...chunk.map(() => true))
      continue
    }
    const taken = await retryDeadlock(() =>
      db.transaction().execute((trx) => takeRoom(trx, batchId, plan, now)),
    )
    for (const index of taken.undecided) undecided.add(start + index)
    admitted.push(...taken.admitted)
    for (const [id, rowId] of taken.rowIds) rowIds.set(id, rowId)
    for (const [id, amount] of taken.amounts) amounts.set(id, (amounts.get(id) ?? 0) + amount)
  }
  return { admitted, undecided, rowIds, amounts }
}

/** The commit is not waited for: it stands in the log before that of the messages, and is worth nothing without it. */
async function takeRoom(
  trx: DbTransaction,
  batchId: string,
  plan: BudgetPlan,
  now: Date,
): Promise<Hold> {
  await sql`select set_config('synchronous_commit', 'off', true)`.execute(trx)
  const reservation = await reserveBudgets(trx, plan, now)
  const amounts = sumUp(
    plan.spendings.filter((_, index) => reservation.admitted[index]),
    reservation.rowIds,
  )
  const rows = [...amounts].map(([id, amount]) => ({ id, amount }))
  await sql`
    with change as (select * from json_to_recordset(${JSON.stringify(rows)}::json) as c(id bigint, amount bigint)),
    moved as (update budget_counter b set used = b.used + c.amount from change c where b.id = c.id)
    insert into budget_hold as h (batch_id, counter_id, amount, created_at)
    select ${batchId}, id, amount, ${now} from change
    on conflict (batch_id, counter_id) do update set amount = h.amount + excluded.amount`.execute(
    trx,
  )
  return { ...reservation, amounts }
}

/** By counter, what these come to. A text that costs nothing is counted on its counter all the same. */
export function sumUp(
  spendings: readonly PlannedSpending[],
  rowIds: ReadonlyMap<string, number>,
): Map<number, number> {
  const amounts = new Map<number, number>()
  for (const { milli, limits } of spendings) {
    for (const { id, counter } of limits) {
      const rowId = rowIds.get(id)
      if (rowId === undefined) continue
      const amount = counter.unit === 'money' ? milli : 1
      amounts.set(rowId, (amounts.get(rowId) ?? 0) + amount)
    }
  }
  return amounts
}

/** Whether all of it is there still: from here to the end of the transaction nobody releases it. */
export async function claimHold(trx: DbTransaction, batchId: string, hold: Hold): Promise<boolean> {
  const rows = await trx
    .selectFrom('budget_hold')
    .select(['counter_id', 'amount'])
    .where('batch_id', '=', batchId)
    .orderBy('counter_id')
    .forUpdate()
    .execute()
  return (
    rows.length === hold.amounts.size &&
    rows.every(({ counter_id: id, amount }) => hold.amounts.get(id) === amount)
  )
}

/** The last statement of the transaction that stores the messages: they are counted, and what was held for others goes back. */
export async function settleHold(
  trx: DbTransaction,
  batchId: string,
  unused: ReadonlyMap<number, number>,
): Promise<void> {
  await trx.deleteFrom('budget_hold').where('batch_id', '=', batchId).execute()
  if (unused.size === 0) return
  const rows = [...unused].map(([id, amount]) => ({ id, amount }))
  await sql`
    with change as (select * from json_to_recordset(${JSON.stringify(rows)}::json) as c(id bigint, amount bigint)),
    locked as (select id from budget_counter where id in (select id from change) order by id for update)
    update budget_counter b set used = b.used - c.amount from change c join locked l on l.id = c.id
    where b.id = c.id`.execute(trx)
}
