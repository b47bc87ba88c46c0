import { setTimeout as sleep } from 'node:timers/promises'
import { listFamilies, registerFamilies } from '@sms-gateway/db/budget-families'
import { listBudgets } from '@sms-gateway/db/budgets'
import type { Db } from '@sms-gateway/db/connect'
import { countBudgets } from '@sms-gateway/db/count-budgets'
import { type BudgetsInForce, NO_BUDGETS } from '@sms-gateway/db/reserve-budgets'
import type { Budget } from '@sms-gateway/domain/budget'
import { createBudgetBook, familyIdOf } from '@sms-gateway/domain/budget-book'
import { dayOf } from '@sms-gateway/domain/local-days'
import type { PreparationRules } from './prepare-message.ts'
import { remember } from './remember.ts'

const TTL_MS = 1_000
/** In a small table it is counted by then; the scheduler counts what is larger. */
const COUNT_LIMIT_MS = 1_000

/**
 * The budgets of the environment with those that were set, asked for at most once a second: a change holds within that.
 * They are made into a book once, in which each message finds its own.
 */
export function createBudgetSource(
  db: Db,
  { budgets: defaults, quiet: { timeZone } }: Pick<PreparationRules, 'budgets' | 'quiet'>,
): () => Promise<BudgetsInForce> {
  return remember(async () => {
    const budgets = [...defaults, ...(await listBudgets(db))]
    if (budgets.length === 0) return { ...NO_BUDGETS, timeZone }
    const uncounted = await listUncounted(db, budgets, timeZone)
    return { book: createBudgetBook(budgets, uncounted), timeZone }
  }, TTL_MS)
}

/** Families that are being counted, with the day on which each was set. */
async function listUncounted(
  db: Db,
  budgets: readonly Budget[],
  timeZone: string,
): Promise<Map<string, string>> {
  let families = await listFamilies(db)
  const unknown = budgets.filter((budget) => !families.has(familyIdOf(budget)))
  if (unknown.length > 0) {
    // Those of the environment, where the scheduler was not here first.
    await registerFamilies(db, unknown, new Date())
    const counting = countBudgets(db, { now: new Date(), timeZone }).catch(() => undefined)
    await Promise.race([counting, sleep(COUNT_LIMIT_MS)])
    families = await listFamilies(db)
  }
  const waiting = [...families].filter(([, { state }]) => state === 'counting')
  return new Map(waiting.map(([id, { setAt }]) => [id, dayOf(setAt, timeZone)] as const))
}
