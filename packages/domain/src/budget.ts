import type { MilliTwd } from './money.ts'

export const BUDGET_SCOPES = ['client', 'customer', 'message_type', 'all'] as const
export type BudgetScope = (typeof BUDGET_SCOPES)[number]
export const BUDGET_PERIODS = ['day', 'month'] as const
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number]
export const BUDGET_UNITS = ['messages', 'money'] as const
export type BudgetUnit = (typeof BUDGET_UNITS)[number]

/** Each of a kind, unless it has a budget of its own. */
export const EACH = '*'

export interface Budget {
  scope: BudgetScope
  /** Null: each client for itself; of a message type all of them together. */
  clientId: string | null
  /** The customer or the message type, or {@link EACH}; '' where the scope has none. */
  key: string
  period: BudgetPeriod
  unit: BudgetUnit
  /** A soft one only tells. */
  hard: boolean
  /** Messages, or thousandths of a dollar. */
  amount: number
}

/** What a message would take. */
export interface Spending {
  clientId: string
  customerId: string | null
  messageType: string
  milli: MilliTwd
  /** The day of its acceptance in `SMS_TIMEZONE`, as `2026-03-01`. */
  day: string
}

/** On which a message is counted. */
export interface BudgetCounter {
  scope: BudgetScope
  clientId: string | null
  key: string
  period: BudgetPeriod
  /** Its first day. */
  periodStart: string
  unit: BudgetUnit
}

export interface CounterLimits {
  id: string
  counter: BudgetCounter
  /** Null: there is none. */
  hard: number | null
  soft: number | null
}

/** The counters that a message is counted on, each with the limits that hold for it: an own budget before that of each. */
export function limitsOf(budgets: readonly Budget[], spending: Spending): CounterLimits[] {
  const found = new Map<string, CounterLimits>()
  for (const budget of budgets.toSorted((a, b) => rank(a) - rank(b))) {
    const counter = counterOf(budget, spending)
    if (!counter) continue
    const id = idOf(counter)
    const limits = found.get(id) ?? { id, counter, hard: null, soft: null }
    found.set(id, { ...limits, [budget.hard ? 'hard' : 'soft']: budget.amount })
  }
  return [...found.values()]
}

function rank({ clientId, key }: Budget): number {
  return (clientId === null ? 0 : 2) + (key === EACH ? 0 : 1)
}

function counterOf(budget: Budget, spending: Spending): BudgetCounter | undefined {
  const { scope, period, unit } = budget
  const { clientId, customerId, messageType, day } = spending
  if (budget.clientId !== null && budget.clientId !== clientId) return undefined
  const periodStart = startOfPeriod(period, day)
  const counter = { scope, period, periodStart, unit }
  const fits = (value: string) => budget.key === EACH || budget.key === value
  switch (scope) {
    case 'all':
      return { ...counter, clientId: null, key: '' }
    case 'client':
      return { ...counter, clientId, key: '' }
    case 'customer':
      if (customerId === null || !fits(customerId)) return undefined
      return { ...counter, clientId, key: customerId }
    case 'message_type':
      if (!fits(messageType)) return undefined
      return { ...counter, clientId: budget.clientId, key: messageType }
  }
}

/** Months by the calendar. */
export function startOfPeriod(period: BudgetPeriod, day: string): string {
  return period === 'day' ? day : `${day.slice(0, 8)}01`
}

/** The same for the same counter; in its order all writers lock them. */
function idOf({ scope, clientId, key, period, periodStart, unit }: BudgetCounter): string {
  return JSON.stringify([scope, clientId, key, period, periodStart, unit])
}

/** With whom a message may wait for its counters: with nobody, with its client's others, or with all who share one. */
export function queueOf(limits: readonly CounterLimits[]): string {
  const [first] = limits
  if (!first) return 'none'
  return limits.some(({ counter }) => counter.clientId === null)
    ? 'shared'
    : `${first.counter.clientId}`
}

export interface Admission {
  /** For each message, in order: whether every hard budget has room for it. */
  admitted: boolean[]
  /** What each counter stands at afterwards, by id. */
  used: Map<string, number>
  /** The counters that had no room for somebody. */
  full: Set<string>
}

/** First come, first served: one that does not fit takes nothing, and a smaller one after it may still fit. */
export function admitSpending(
  messages: readonly { milli: MilliTwd; limits: readonly CounterLimits[] }[],
  before: ReadonlyMap<string, number>,
): Admission {
  const used = new Map(before)
  const full = new Set<string>()
  const admitted = messages.map(({ milli, limits }) => {
    const after = limits.map(({ id, counter, hard }) => {
      const sum = (used.get(id) ?? 0) + (counter.unit === 'money' ? milli : 1)
      return { id, sum, fits: hard === null || sum <= hard }
    })
    const fits = after.every((each) => each.fits)
    for (const { id, sum, fits: hasRoom } of after) {
      if (fits) used.set(id, sum)
      else if (!hasRoom) full.add(id)
    }
    return fits
  })
  return { admitted, used, full }
}

/** Percent of a budget at which somebody is told. */
const ALERT_PERCENTS = [50, 80, 100] as const

/** Which of them were passed between the two; `full` is as good as the last. */
export function listPassed(
  amount: number,
  { before, after, isFull }: { before: number; after: number; isFull: boolean },
): number[] {
  return ALERT_PERCENTS.filter((percent) => {
    const mark = (amount * percent) / 100
    return (before < mark && mark <= after) || (percent === 100 && isFull)
  })
}
