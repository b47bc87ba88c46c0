import type { BudgetIdentity, BudgetResponse } from '@sms-gateway/contracts/budgets'
import type { BudgetUse } from '@sms-gateway/db/budgets'
import type { Budget } from '@sms-gateway/domain/budget'
import { CURRENCY, toDecimal } from '@sms-gateway/domain/money'

export function toBudgetResponse(budget: BudgetUse): BudgetResponse {
  const { unit, amount, used, alerts, updatedAt } = budget
  return {
    ...toBudgetIdentity(budget),
    amount: showAmount(unit, amount),
    used: used === null ? null : showAmount(unit, used),
    state: budget.isCounting ? 'counting' : 'active',
    set_by_admin: budget.setByAdmin,
    alerts: alerts.map(({ percent, at }) => ({ percent, at: at.toISOString() })),
    updated_at: updatedAt.toISOString(),
  }
}

export function toBudgetIdentity(budget: Budget & { id: string }): BudgetIdentity {
  const { id, scope, clientId, key, period, unit, hard } = budget
  return {
    ...{ id, scope, client_id: clientId, period, unit, hard },
    customer_id: scope === 'customer' ? key : null,
    message_type: scope === 'message_type' ? key : null,
    currency: unit === 'money' ? CURRENCY : null,
  }
}

/** A number of messages, or dollars as a string. */
export function showAmount(unit: Budget['unit'], value: number): number | string {
  return unit === 'money' ? toDecimal(value) : value
}
