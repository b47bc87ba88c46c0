import { admitSpending } from '@sms-gateway/domain/budget'
import type { NewMessage } from '@sms-gateway/domain/message'
import { lockCounters } from './budget-counters.ts'
import type { DbTransaction } from './connect.ts'
import { type BudgetsInForce, planBudgets } from './reserve-budgets.ts'

/**
 * Of messages that had no room just now, each that would have it if no bulk held any: what is held is stored or given back
 * within moments. The transaction that found no room has their counters locked, so nothing is held anew meanwhile.
 */
export async function findHeldBack(
  trx: DbTransaction,
  messages: readonly NewMessage[],
  inForce: BudgetsInForce,
): Promise<ReadonlySet<NewMessage>> {
  const plan = planBudgets(messages, inForce)
  if (!plan) return new Set()
  const locked = await lockCounters(trx, plan.counters)
  const held = await sumHeld(
    trx,
    [...locked.values()].map(({ rowId }) => rowId),
  )
  if (held.size === 0) return new Set()
  const settled = new Map(
    [...locked].map(([id, { rowId, used }]) => [id, used - (held.get(rowId) ?? 0)] as const),
  )
  return new Set(
    messages.filter((_, index) => {
      const spending = plan.spendings[index]
      return spending !== undefined && admitSpending([spending], settled).admitted[0] === true
    }),
  )
}

/** By the row of each counter that anything is held of. */
async function sumHeld(
  trx: DbTransaction,
  rowIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await trx
    .selectFrom('budget_hold')
    .select(['counter_id', 'amount'])
    .where('counter_id', 'in', rowIds)
    .execute()
  const held = new Map<number, number>()
  for (const { counter_id: id, amount } of rows) held.set(id, (held.get(id) ?? 0) + amount)
  return held
}
