import {
  type Budget,
  type BudgetCounter,
  type CounterLimits,
  EACH,
  type Spending,
  startOfPeriod,
} from './budget.ts'

/** The budgets in force, found by what they are about: a message is compared with its own few, however many there are. */
export interface BudgetBook {
  isEmpty: boolean
  /** The counters that a message is counted on, each with the limits that hold for it: an own budget before that of each. */
  limitsOf: (spending: Spending) => CounterLimits[]
}

/** Budgets that share their counters: what has been counted or not is a family. */
export type BudgetFamily = Pick<Budget, 'scope' | 'clientId' | 'key' | 'period' | 'unit'>

export function familyIdOf({ scope, clientId, key, period, unit }: BudgetFamily): string {
  return JSON.stringify([scope, clientId, key, period, unit])
}

interface Entry {
  budget: Budget
  /** Set on this day, and what was there before is not counted yet. */
  uncountedSince: string | undefined
}

/** `uncounted`: families by id, with the day on which each was set. Of two budgets of one kind the later one holds. */
export function createBudgetBook(
  budgets: readonly Budget[],
  uncounted: ReadonlyMap<string, string> = new Map(),
): BudgetBook {
  const entries = new Map<string, Entry[]>()
  for (const budget of budgets) {
    const place = placeOf(budget)
    const entry = { budget, uncountedSince: uncounted.get(familyIdOf(budget)) }
    entries.set(place, [...(entries.get(place) ?? []), entry])
  }
  return {
    isEmpty: budgets.length === 0,
    limitsOf(spending) {
      const found = new Map<string, CounterLimits>()
      for (const place of listPlaces(spending)) {
        for (const entry of entries.get(place) ?? []) addLimit(found, entry, spending)
      }
      return [...found.values()]
    },
  }
}

function placeOf({ scope, clientId, key }: Pick<Budget, 'scope' | 'clientId' | 'key'>): string {
  return `${scope} ${clientId ?? EACH} ${key}`
}

/** Where budgets about it may be, those of each before those of one. */
function listPlaces({ clientId, customerId, messageType }: Spending): string[] {
  const both = (scope: 'customer' | 'message_type', value: string) =>
    [null, clientId].flatMap((client) =>
      [EACH, value].map((key) => placeOf({ scope, clientId: client, key })),
    )
  return [
    placeOf({ scope: 'all', clientId: null, key: '' }),
    ...[null, clientId].map((client) => placeOf({ scope: 'client', clientId: client, key: '' })),
    ...(customerId === null ? [] : both('customer', customerId)),
    ...both('message_type', messageType),
  ]
}

function addLimit(
  found: Map<string, CounterLimits>,
  { budget, uncountedSince }: Entry,
  spending: Spending,
): void {
  const counter = counterOf(budget, spending)
  const id = idOf(counter)
  // A period that has begun since is counted from its first message on.
  const isCounting = uncountedSince !== undefined && counter.periodStart <= uncountedSince
  const limits = found.get(id) ?? { id, counter, hard: null, soft: null, isCounting }
  found.set(id, {
    ...limits,
    [budget.hard ? 'hard' : 'soft']: budget.amount,
    isCounting: limits.isCounting && isCounting,
  })
}

function counterOf(
  { scope, clientId, period, unit }: Budget,
  { clientId: own, customerId, messageType, day }: Spending,
): BudgetCounter {
  const counter = { scope, period, periodStart: startOfPeriod(period, day), unit }
  switch (scope) {
    case 'all':
      return { ...counter, clientId: null, key: '' }
    case 'client':
      return { ...counter, clientId: own, key: '' }
    case 'customer':
      return { ...counter, clientId: own, key: customerId ?? '' }
    case 'message_type':
      return { ...counter, clientId, key: messageType }
  }
}

/** The same for the same counter; in its order all writers lock them. */
function idOf({ scope, clientId, key, period, periodStart, unit }: BudgetCounter): string {
  return JSON.stringify([scope, clientId, key, period, periodStart, unit])
}
