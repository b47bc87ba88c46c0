import { expect, test } from '@jest/globals'
import { findLoosened, isProtected, type OwnedBudget } from './budget-authority.ts'

const A = 'client-a'
const own: OwnedBudget = {
  scope: 'client',
  clientId: A,
  key: '',
  period: 'day',
  unit: 'messages',
  hard: true,
  amount: 10,
  setByAdmin: false,
}
const ofEach = { ...own, clientId: null, setByAdmin: true }
const customer: OwnedBudget = { ...own, scope: 'customer', key: 'C-1' }
const type: OwnedBudget = { ...own, scope: 'message_type', key: 'otp' }
const soft = { ...own, hard: false }

test.each<[string, OwnedBudget, OwnedBudget]>([
  ['raises its own hard one', own, own],
  ['goes before that of each client', ofEach, own],
  [
    'goes before that of each customer of each',
    { ...customer, clientId: null, key: '*' },
    customer,
  ],
  [
    'goes before that of one customer, by one of each of its own',
    { ...customer, clientId: null },
    { ...customer, key: '*' },
  ],
  ['goes before its own of each customer', { ...customer, key: '*' }, customer],
  ['goes before its own of each type', { ...type, key: '*' }, type],
  ['raises a soft one that an admin has set', { ...soft, setByAdmin: true }, soft],
])('a higher amount that %s loosens it; a lower one does not', (_what, there, wanted) => {
  expect(findLoosened([there], { ...wanted, amount: 11 })).toBe(there)
  expect(findLoosened([there], { ...wanted, amount: 10 })).toBeUndefined()
})

test.each<[string, OwnedBudget, OwnedBudget]>([
  ['another period', { ...own, period: 'month' }, own],
  ['another unit', { ...own, unit: 'money' }, own],
  ['a soft one beside it', own, soft],
  ['its own soft one', soft, soft],
  ['another customer', { ...customer, key: 'C-2' }, customer],
  ['its own of one customer, by one of each', customer, { ...customer, key: '*' }],
  ['a type of all clients together', { ...type, clientId: null, setByAdmin: true }, type],
  ['another client', { ...own, clientId: 'client-b' }, own],
])('%s is not loosened', (_what, there, wanted) => {
  expect(findLoosened([there], { ...wanted, amount: 1_000 })).toBeUndefined()
})

test('of several the strictest is named', () => {
  const strict = { ...ofEach, amount: 3 }
  expect(findLoosened([ofEach, strict], { ...own, amount: 20 })).toBe(strict)
})

test('what holds a client back is not its to remove, nor what an admin wants to be told of', () => {
  expect([own, ofEach, soft, { ...soft, setByAdmin: true }].map(isProtected)).toEqual([
    ...[true, true, false, true],
  ])
})
