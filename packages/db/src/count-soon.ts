import { setTimeout as sleep } from 'node:timers/promises'
import { startOfPeriod } from '@sms-gateway/domain/budget'
import { type BudgetFamily, familyIdOf } from '@sms-gateway/domain/budget-book'
import { dayOf } from '@sms-gateway/domain/local-days'
import { listFamilies } from './budget-families.ts'
import type { Db } from './connect.ts'
import { countBudgets, type CountOptions } from './count-budgets.ts'
import { noteStanding } from './note-standing.ts'

/** What takes longer is the scheduler's. */
const LIMIT_MS = 2_000

/** Whoever sets a budget mostly gets it counted: a small table is, within milliseconds. */
export async function countSoon(
  db: Db,
  budget: BudgetFamily,
  { now, timeZone }: CountOptions,
): Promise<{ isCounting: boolean }> {
  const counting = countBudgets(db, { now, timeZone }).catch(() => undefined)
  await Promise.race([counting, sleep(LIMIT_MS)])
  const family = (await listFamilies(db)).get(familyIdOf(budget))
  const isCounting = family?.state === 'counting'
  const periodStart = startOfPeriod(budget.period, dayOf(now, timeZone))
  // Its family may have been counted long ago, and the amount be a new one.
  if (!isCounting) await noteStanding(db, budget, { periodStart, now })
  return { isCounting }
}
