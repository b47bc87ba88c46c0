import { expect, test } from '@jest/globals'
import { admitSpending, type Budget, listPassed, queueOf, type Spending } from './budget.ts'
import { createBudgetBook, familyIdOf } from './budget-book.ts'

const A = 'client-a'
const budget: Budget = {
  scope: 'client',
  clientId: null,
  key: '',
  period: 'day',
  unit: 'messages',
  hard: true,
  amount: 10,
}
const spending: Spending = {
  clientId: A,
  customerId: 'C-1',
  messageType: 'otp',
  milli: 700,
  day: '2026-03-15',
}

const limitsOf = (budgets: readonly Budget[], of: Spending) =>
  createBudgetBook(budgets).limitsOf(of)

test.each<[string, Partial<Budget>, string | null, string]>([
  ['each client', {}, A, ''],
  ['a client', { clientId: A }, A, ''],
  ['each customer', { scope: 'customer', key: '*' }, A, 'C-1'],
  ['a customer', { scope: 'customer', clientId: A, key: 'C-1' }, A, 'C-1'],
  ['a type of all clients', { scope: 'message_type', key: 'otp' }, null, 'otp'],
  ['a type of a client', { scope: 'message_type', clientId: A, key: 'otp' }, A, 'otp'],
  ['all', { scope: 'all' }, null, ''],
])('a budget of %s counts the message', (_what, change, clientId, key) => {
  const [limits] = limitsOf([{ ...budget, ...change }], spending)
  expect(limits).toMatchObject({ counter: { clientId, key, periodStart: '2026-03-15' }, hard: 10 })
})

test.each<[string, Partial<Budget>]>([
  ['another client', { clientId: 'client-b' }],
  ['another customer', { scope: 'customer', key: 'C-2' }],
  ['another type', { scope: 'message_type', key: 'promotion' }],
])('a budget of %s does not', (_what, change) => {
  expect(limitsOf([{ ...budget, ...change }], spending)).toEqual([])
})

test('a message waits for its own client alone, or for all where all share a counter', () => {
  const all: Budget = { ...budget, scope: 'all' }
  expect(queueOf(limitsOf([], spending))).toBe('none')
  expect(queueOf(limitsOf([budget], spending))).toBe(A)
  expect(queueOf(limitsOf([budget, all], spending))).toBe('shared')
})

test('a month begins with its first day', () => {
  const [limits] = limitsOf([{ ...budget, period: 'month' }], spending)
  expect(limits?.counter.periodStart).toBe('2026-03-01')
})

test('an own budget holds before that of each, whichever comes first; a soft one beside a hard one', () => {
  const own = { ...budget, clientId: A, amount: 3 }
  const soft = { ...budget, hard: false, amount: 2 }
  for (const budgets of [
    [budget, own, soft],
    [soft, own, budget],
  ]) {
    expect(limitsOf(budgets, spending)).toMatchObject([{ hard: 3, soft: 2 }])
  }
})

test('who does not fit takes nothing, and a smaller one after it does', () => {
  const limits = limitsOf(
    [
      { ...budget, unit: 'money', amount: 1_000 },
      { ...budget, amount: 5 },
    ],
    spending,
  )
  const [money, messages] = limits.map(({ id }) => id)
  const batch = [700, 700, 300, 1].map((milli) => ({ milli, limits }))
  const { admitted, used, full } = admitSpending(batch, new Map([[messages ?? '', 1]]))
  expect(admitted).toEqual([true, false, true, false])
  expect([used.get(money ?? ''), used.get(messages ?? '')]).toEqual([1_000, 3])
  expect([...full]).toEqual([money])
})

test('a neighbour without limits is admitted whatever happens to others', () => {
  const limits = limitsOf([{ ...budget, amount: 0 }], spending)
  const batch = [
    { milli: 700, limits },
    { milli: 700, limits: [] },
  ]
  expect(admitSpending(batch, new Map()).admitted).toEqual([false, true])
})

test.each([
  [0, 49, false, []],
  [49, 50, false, [50]],
  [0, 100, false, [50, 80, 100]],
  [50, 79, false, []],
  [80, 99, true, [100]],
])('from %d to %d of 100 (full: %p) passes %j', (before, after, isFull, passed) => {
  expect(listPassed(100, { before, after, isFull })).toEqual(passed)
})

test('of a budget that is being counted nobody gets anything, until the next day begins', () => {
  const uncounted = new Map([[familyIdOf(budget), '2026-03-15']])
  const soft = { ...budget, hard: false }
  const admit = (budgets: readonly Budget[], day: string) => {
    const limits = createBudgetBook(budgets, uncounted).limitsOf({ ...spending, day })
    return admitSpending([{ milli: 1, limits }], new Map())
  }
  expect(admit([budget], '2026-03-15')).toMatchObject({
    admitted: [false],
    undecided: new Set([0]),
  })
  expect(admit([budget], '2026-03-16')).toMatchObject({ admitted: [true], undecided: new Set() })
  expect(admit([soft], '2026-03-15').admitted).toEqual([true])
  // Its counter is known where another budget has counted on it all along.
  expect(admit([budget, { ...budget, clientId: A }], '2026-03-15').admitted).toEqual([true])
})
