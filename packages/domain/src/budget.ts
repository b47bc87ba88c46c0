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
  /** What was accepted before its budget was set is not counted yet: what is left of it nobody knows. */
  isCounting: boolean
}

/** Months by the calendar. */
export function startOfPeriod(period: BudgetPeriod, day: string): string {
  return period === 'day' ? day : `${day.slice(0, 8)}01`
}

/** The queue of messages that are counted on no budget. */
export const UNCOUNTED = 'none'

/** With whom a message may wait for its counters: with nobody, with its client's others, or with all who share one. */
export function queueOf(limits: readonly CounterLimits[]): string {
  const [first] = limits
  if (!first) return UNCOUNTED
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
  /** Those of the messages that are not admitted before it is known what is left. */
  undecided: Set<number>
}

/** First come, first served: one that does not fit takes nothing, and a smaller one after it may still fit. */
export function admitSpending(
  messages: readonly { milli: MilliTwd; limits: readonly CounterLimits[] }[],
  before: ReadonlyMap<string, number>,
): Admission {
  const used = new Map(before)
  const full = new Set<string>()
  const undecided = new Set<number>()
  const admitted = messages.map(({ milli, limits }, index) => {
    if (limits.some(({ hard, isCounting }) => hard !== null && isCounting)) {
      undecided.add(index)
      return false
    }
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
  return { admitted, used, full, undecided }
}

/** Percent of a budget at which somebody is told. */
export const ALERT_PERCENTS = [50, 80, 100] as const

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
