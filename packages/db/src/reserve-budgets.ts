import { admitSpending, type CounterLimits } from '@sms-gateway/domain/budget'
import { type BudgetBook, createBudgetBook } from '@sms-gateway/domain/budget-book'
import { dayOf } from '@sms-gateway/domain/local-days'
import type { NewMessage } from '@sms-gateway/domain/message'
import { ensureCounters, lockCounters, recordAlerts } from './budget-counters.ts'
import type { Db, DbTransaction } from './connect.ts'

/** The budgets that are there, and whose days they go by. */
export interface BudgetsInForce {
  book: BudgetBook
  /** `SMS_TIMEZONE` */
  timeZone: string
}

export interface PlannedSpending {
  milli: number
  limits: CounterLimits[]
}

/** What a batch of messages would be counted on. */
export interface BudgetPlan {
  /** One a message. */
  spendings: PlannedSpending[]
  /** Each counter once, in the order of all. */
  counters: CounterLimits[]
}

export const NO_BUDGETS: BudgetsInForce = { book: createBudgetBook([]), timeZone: 'UTC' }

/** What one message would be counted on. */
export function limitsFor(
  { clientId, customerId, messageType, costMilli, status, createdAt }: NewMessage,
  { book, timeZone }: BudgetsInForce,
  day = book.isEmpty ? '' : dayOf(createdAt, timeZone),
): CounterLimits[] {
  // One that is suppressed is at its end already, and takes nothing.
  if (book.isEmpty || status === 'suppressed') return []
  return book.limitsOf({ clientId, customerId, messageType, milli: costMilli, day })
}

/** `undefined` where no budget is about any of them: then there is nothing to lock. */
export function planBudgets(
  messages: readonly NewMessage[],
  inForce: BudgetsInForce,
): BudgetPlan | undefined {
  if (inForce.book.isEmpty) return undefined
  const days = new Map<number, string>()
  const dayAt = (at: Date) => {
    const day = days.get(at.getTime()) ?? dayOf(at, inForce.timeZone)
    days.set(at.getTime(), day)
    return day
  }
  const spendings = messages.map((message) => ({
    milli: message.costMilli,
    limits: limitsFor(message, inForce, dayAt(message.createdAt)),
  }))
  const counters = listCounters(spendings)
  return counters.length === 0 ? undefined : { spendings, counters }
}

/** Each once, in the order of all. */
export function listCounters(spendings: readonly PlannedSpending[]): CounterLimits[] {
  const counters = new Map<string, CounterLimits>()
  for (const { limits } of spendings) for (const each of limits) counters.set(each.id, each)
  return [...counters.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Before the transaction where there is none yet: so nobody waits for the first of a day. */
export function prepareBudgets(db: Db, plan: BudgetPlan): Promise<void> {
  return ensureCounters(db, plan.counters)
}

export interface Reservation {
  /** One a message: whether there is room for it. */
  admitted: boolean[]
  /** Places of messages with a hard budget that is still being counted: see `countBudgets`. */
  undecided: ReadonlySet<number>
  /** The row of each counter, by its id. */
  rowIds: ReadonlyMap<string, number>
}

/** The counters that a message is to be stored with: the ledger's trigger adds them up. */
export function countersOf(
  { rowIds }: Reservation,
  spending: PlannedSpending | undefined,
): number[] | undefined {
  const ids = spending?.limits.flatMap(({ id }) => rowIds.get(id) ?? [])
  return ids && ids.length > 0 ? ids : undefined
}

/**
 * Which of the messages have room. The counters are locked until the transaction ends, so this is exact whoever else
 * accepts: what is slow comes before it.
 */
export async function reserveBudgets(
  trx: DbTransaction,
  plan: BudgetPlan,
  now: Date,
): Promise<Reservation> {
  const locked = await lockCounters(trx, plan.counters)
  const before = new Map([...locked].map(([id, { used }]) => [id, used] as const))
  const { admitted, used, full, undecided } = admitSpending(plan.spendings, before)
  const moves = plan.counters.flatMap((limits) => {
    const counter = locked.get(limits.id)
    if (!counter) return []
    const after = used.get(limits.id) ?? counter.used
    const isFull = full.has(limits.id)
    return [{ limits, rowId: counter.rowId, before: counter.used, after, isFull }]
  })
  await recordAlerts(trx, moves, now)
  const rowIds = new Map([...locked].map(([id, { rowId }]) => [id, rowId] as const))
  return { admitted, undecided, rowIds }
}
