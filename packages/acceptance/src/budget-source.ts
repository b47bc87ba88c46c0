import { listBudgets } from '@sms-gateway/db/budgets'
import type { Db } from '@sms-gateway/db/connect'
import type { BudgetsInForce } from '@sms-gateway/db/reserve-budgets'
import type { PreparationRules } from './prepare-message.ts'
import { remember } from './remember.ts'

const TTL_MS = 1_000

/** The budgets of the environment with those that were set, asked for at most once a second: a change holds within that. */
export function createBudgetSource(
  db: Db,
  { budgets: defaults, quiet }: Pick<PreparationRules, 'budgets' | 'quiet'>,
): () => Promise<BudgetsInForce> {
  return remember(async () => {
    const budgets = [...defaults, ...(await listBudgets(db))]
    return { budgets, timeZone: quiet.timeZone }
  }, TTL_MS)
}
