import type { BudgetResponse, SetBudgetRequest } from '@sms-gateway/contracts/budgets'
import { EACH } from '@sms-gateway/domain/budget'

/** What the form holds, all as text. */
export interface BudgetDraft {
  scope: BudgetResponse['scope']
  /** Of an admin: a budget of their own client, or of all. */
  whose: 'own' | 'all'
  key: string
  period: BudgetResponse['period']
  unit: BudgetResponse['unit']
  kind: 'hard' | 'soft'
  amount: string
}

export const NEW_BUDGET: BudgetDraft = {
  scope: 'client',
  whose: 'own',
  key: '',
  period: 'month',
  unit: 'money',
  kind: 'hard',
  amount: '',
}

export type BudgetFault = 'invalidAmount' | 'invalidCount' | 'invalidType' | 'required'

export function isAmount(text: string, most: number): boolean {
  return new RegExp(`^\\d{1,${most}}(\\.\\d{1,3})?$`).test(text)
}

/** What is wrong, by field; the server checks the same again. */
export function checkBudget({ scope, key, unit, amount }: BudgetDraft): {
  key?: BudgetFault
  amount?: BudgetFault
} {
  const isMoney = unit === 'money'
  const isRight = isMoney ? isAmount(amount.trim(), 9) : /^\d{1,9}$/.test(amount.trim())
  const keyFault = checkKey(scope, key.trim())
  return {
    ...(keyFault && { key: keyFault }),
    ...(!isRight && { amount: isMoney ? 'invalidAmount' : 'invalidCount' }),
  }
}

function checkKey(scope: BudgetDraft['scope'], key: string): BudgetFault | undefined {
  if (scope === 'customer') return key === '' ? 'required' : undefined
  if (scope !== 'message_type') return undefined
  if (key === '') return 'required'
  return key === EACH || /^[a-z][a-z0-9_]{0,49}$/.test(key) ? undefined : 'invalidType'
}

/** Leaves the client out where the server's own choice is meant: the key's own. */
export function toBudgetRequest(draft: BudgetDraft): SetBudgetRequest {
  const { scope, whose, period, unit, kind } = draft
  const key = draft.key.trim()
  const amount = draft.amount.trim()
  return {
    scope,
    ...(scope !== 'all' && whose === 'all' && { client_id: null }),
    ...(scope === 'customer' && { customer_id: key }),
    ...(scope === 'message_type' && { message_type: key }),
    period,
    hard: kind === 'hard',
    unit,
    amount: unit === 'money' ? amount : Number(amount),
  }
}

/** The same budget with another amount: everything else is what it is found by. */
export function withAmount(budget: BudgetResponse, amount: string): SetBudgetRequest {
  const { scope, client_id, customer_id, message_type, period, hard, unit } = budget
  return {
    scope,
    client_id,
    ...(customer_id !== null && { customer_id }),
    ...(message_type !== null && { message_type }),
    period,
    hard,
    unit,
    amount: unit === 'money' ? amount.trim() : Number(amount.trim()),
  }
}

/** Used of the amount; null where it is counted for each apart. Over 1 where a soft one is passed. */
export function shareOf({ used, amount }: BudgetResponse): number | null {
  if (used === null) return null
  if (Number(amount) === 0) return 1
  return Number(used) / Number(amount)
}
