import { forgetFamilies, registerFamilies } from '@sms-gateway/db/budget-families'
import type { Db } from '@sms-gateway/db/connect'
import { countBudgets } from '@sms-gateway/db/count-budgets'
import { makeNextCounters } from '@sms-gateway/db/next-counters'
import { type AlertCount, countAlerts, takeUntoldAlerts } from '@sms-gateway/db/tell-alerts'
import type { Budget } from '@sms-gateway/domain/budget'
import { dayOf } from '@sms-gateway/domain/local-days'
import type { Logger } from '@sms-gateway/service-kit/logger'

export interface KeepBudgetsDeps {
  db: Db
  /** Those of the environment. */
  budgets: readonly Budget[]
  /** `SMS_TIMEZONE` */
  timeZone: string
  logger: Logger
  now: () => Date
  onBudgetAlerts: (counts: readonly AlertCount[]) => void
}

/** Counts those that were just set, makes the counters of the next day ready, and says which have come to a mark. */
export async function keepBudgets(deps: KeepBudgetsDeps): Promise<void> {
  const { db, budgets, timeZone, now } = deps
  await registerFamilies(db, budgets, now())
  await forgetFamilies(db, budgets)
  await countBudgets(db, { now: now(), timeZone })
  await makeNextCounters(db, { now: now(), timeZone })
  await tellAlerts(deps)
}

/** A line for each mark, and what is past which: no customer and no person is named. */
async function tellAlerts({
  db,
  timeZone,
  logger,
  now,
  onBudgetAlerts,
}: KeepBudgetsDeps): Promise<void> {
  for (const alert of await takeUntoldAlerts(db, now())) {
    logger.warn(alert, 'a budget has come to a mark')
  }
  onBudgetAlerts(await countAlerts(db, dayOf(now(), timeZone)))
}
