import { describe, expect, test } from '@jest/globals'
import { createMessageId } from './ids.ts'
import { lotOf, orderRoutes, type RouteQuestion } from './route-order.ts'

const QUESTION: RouteQuestion = {
  mode: 'smart',
  order: ['chunghwa', 'twilio'],
  lane: 'normal',
  lot: 0.5,
  priceOf: (provider) => ({ twilio: 500, chunghwa: 700 })[provider],
  plan: {
    preferred: 'twilio',
    shares: { twilio: 0.95, chunghwa: 0.05 },
    since: new Date(0),
    challenger: null,
    reason: 'it is better',
  },
}

describe('the order in which providers are tried', () => {
  test.each([
    ['as configured', { mode: 'priority' }, ['chunghwa', 'twilio']],
    ['the cheapest first', { mode: 'cost' }, ['twilio', 'chunghwa']],
    ['by the plan', {}, ['twilio', 'chunghwa']],
    ['a canary', { lot: 0.01 }, ['chunghwa', 'twilio']],
    ['no canary where it is urgent', { lot: 0.01, lane: 'urgent' }, ['twilio', 'chunghwa']],
    ['as configured without a plan', { plan: undefined }, ['chunghwa', 'twilio']],
  ] as const)('%s', (_, changes, expected) => {
    const { order, reason } = orderRoutes({ ...QUESTION, ...changes })
    expect(order).toEqual(expected)
    expect(reason === null).toBe('mode' in changes && changes.mode === 'priority')
  })
})

test('lots are spread evenly', () => {
  const lots = Array.from({ length: 4_000 }, () => lotOf(createMessageId(new Date(0))))
  expect(Math.min(...lots)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...lots)).toBeLessThan(1)
  const low = lots.filter((lot) => lot < 0.05).length
  expect(low).toBeGreaterThan(120)
  expect(low).toBeLessThan(290)
})
