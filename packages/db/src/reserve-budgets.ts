import {
  admitSpending,
  type Budget,
  type CounterLimits,
  limitsOf,
} from '@sms-gateway/domain/budget'
import { dayOf } from '@sms-gateway/domain/local-days'
import type { NewMessage } from '@sms-gateway/domain/message'
import { ensureCounters, lockCounters, recordAlerts } from './budget-counters.ts'
import type { Db, DbTransaction } from './connect.ts'

/** The budgets that are there, and whose days they go by. */
export interface BudgetsInForce {
  budgets: readonly Budget[]
  /** `SMS_TIMEZONE` */
  timeZone: string
}

/** What a batch of messages would be counted on. */
export interface BudgetPlan {
  /** One a message. */
  spendings: { milli: number; limits: CounterLimits[] }[]
  /** Each counter once, in the order of all. */
  counters: CounterLimits[]
}

export const NO_BUDGETS: BudgetsInForce = { budgets: [], timeZone: 'UTC' }

/** `undefined` where no budget is about any of them: then there is nothing to lock. */
export function planBudgets(
  messages: readonly NewMessage[],
  { budgets, timeZone }: BudgetsInForce,
): BudgetPlan | undefined {
  if (budgets.length === 0) return undefined
  const days = new Map<number, string>()
  const dayAt = (at: Date) => {
    const day = days.get(at.getTime()) ?? dayOf(at, timeZone)
    days.set(at.getTime(), day)
    return day
  }
  const spendings = messages.map(({ clientId, customerId, messageType, costMilli, ...message }) => {
    const spending = { clientId, customerId, messageType, milli: costMilli }
    // It is at its end already, and takes nothing.
    if (message.status === 'suppressed') return { milli: 0, limits: [] }
    const day = dayAt(message.createdAt)
    return { milli: costMilli, limits: limitsOf(budgets, { ...spending, day }) }
  })
  const counters = new Map(
    spendings.flatMap(({ limits }) => limits.map((each) => [each.id, each] as const)),
  )
  if (counters.size === 0) return undefined
  const sorted = [...counters.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return { spendings, counters: sorted }
}

/** Before the transaction where there is none yet: so nobody waits for the first of a day. */
export function prepareBudgets(
  db: Db,
  plan: BudgetPlan,
  { timeZone }: BudgetsInForce,
): Promise<void> {
  return ensureCounters(db, plan.counters, timeZone)
}

/**
 * Which of the messages have room, and the counters that they are to be stored with: the trigger adds them up. The
 * counters are locked until the transaction ends, so this is exact whoever else accepts.
 */
export async function reserveBudgets(
  trx: DbTransaction,
  plan: BudgetPlan,
  now: Date,
): Promise<{ admitted: boolean[]; countersOf: (index: number) => number[] | undefined }> {
  const locked = await lockCounters(trx, plan.counters)
  const before = new Map([...locked].map(([id, { used }]) => [id, used] as const))
  const { admitted, used, full } = admitSpending(plan.spendings, before)
  const moves = plan.counters.flatMap((limits) => {
    const counter = locked.get(limits.id)
    if (!counter) return []
    const after = used.get(limits.id) ?? counter.used
    const isFull = full.has(limits.id)
    return [{ limits, rowId: counter.rowId, before: counter.used, after, isFull }]
  })
  await recordAlerts(trx, moves, now)
  return {
    admitted,
    countersOf(index) {
      const ids = plan.spendings[index]?.limits.flatMap(({ id }) => locked.get(id)?.rowId ?? [])
      return ids && ids.length > 0 ? ids : undefined
    },
  }
}
