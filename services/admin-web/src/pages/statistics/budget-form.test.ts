import { describe, expect, test } from '@jest/globals'
import { type BudgetResponse, SetBudgetRequest } from '@sms-gateway/contracts/budgets'
import { checkBudget, NEW_BUDGET, shareOf, toBudgetRequest, withAmount } from './budget-form.ts'

const BUDGET: BudgetResponse = {
  id: '019aa000-0000-7000-8000-000000000000',
  scope: 'customer',
  client_id: '019aa000-0000-7000-8000-000000000001',
  customer_id: 'C1',
  message_type: null,
  period: 'day',
  unit: 'messages',
  hard: true,
  amount: 100,
  currency: null,
  used: 40,
  state: 'active',
  set_by_admin: true,
  alerts: [],
  updated_at: '2026-01-31T00:00:00Z',
}

describe('the form of a budget', () => {
  test.each([
    [{ amount: '500.00' }, {}],
    [{ amount: '12.3456' }, { amount: 'invalidAmount' }],
    [{ unit: 'messages' as const, amount: '1.5' }, { amount: 'invalidCount' }],
    [{ unit: 'messages' as const, amount: '1000' }, {}],
    [{ scope: 'customer' as const, amount: '1' }, { key: 'required' }],
    [{ scope: 'message_type' as const, key: 'OTP', amount: '1' }, { key: 'invalidType' }],
    [{ scope: 'message_type' as const, key: '*', amount: '1' }, {}],
  ])('of %p is found %p', (draft, faults) => {
    expect(checkBudget({ ...NEW_BUDGET, ...draft })).toEqual(faults)
  })

  test.each([
    [{ amount: '500' }, { scope: 'client', amount: '500' }],
    [{ whose: 'all' as const, amount: '500' }, { client_id: null }],
    [{ scope: 'all' as const, whose: 'all' as const, amount: '5' }, { scope: 'all' }],
    [{ scope: 'customer' as const, key: ' * ', amount: '5' }, { customer_id: '*' }],
    [
      { scope: 'message_type' as const, key: 'otp', unit: 'messages' as const, amount: ' 7 ' },
      { message_type: 'otp', amount: 7 },
    ],
    [{ kind: 'soft' as const, amount: '5' }, { hard: false }],
  ])('of %p asks for what the API takes', (draft, wanted) => {
    const request = toBudgetRequest({ ...NEW_BUDGET, ...draft })
    expect(request).toMatchObject(wanted)
    expect(SetBudgetRequest.safeParse(request).error).toBeUndefined()
  })

  test('changes the amount and nothing else', () => {
    const request = withAmount(BUDGET, '250')
    expect(request).toEqual({
      scope: 'customer',
      client_id: BUDGET.client_id,
      customer_id: 'C1',
      period: 'day',
      hard: true,
      unit: 'messages',
      amount: 250,
    })
    expect(SetBudgetRequest.safeParse(request).success).toBe(true)
  })
})

describe('the share that is used', () => {
  test.each([
    [{ used: 40, amount: 100 }, 0.4],
    [{ used: '150.00', amount: '100.00' }, 1.5],
    [{ used: null, amount: 100 }, null],
    [{ used: 0, amount: 0 }, 1],
  ])('of %p is %p', (values, share) => {
    expect(shareOf({ ...BUDGET, ...values })).toBe(share)
  })
})
