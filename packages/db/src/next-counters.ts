import { sql } from 'kysely'
import { startOfPeriod } from '@sms-gateway/domain/budget'
import { addDays, dayOf, spanOfDays } from '@sms-gateway/domain/local-days'
import { NO_CLIENT } from './budgets.ts'
import type { Db } from './connect.ts'

/** So long before midnight. */
const AHEAD_MS = 3_600_000
const MOST = 5_000

/**
 * The counters of the next day or month, of those that were needed in this one and have a budget still: so the first
 * messages after midnight find theirs. They begin with nothing. How many were made.
 */
export async function makeNextCounters(
  db: Db,
  { now, timeZone }: { now: Date; timeZone: string },
): Promise<number> {
  const today = dayOf(now, timeZone)
  const midnight = spanOfDays(today, today, timeZone).before
  if (midnight.getTime() - now.getTime() > AHEAD_MS) return 0
  const tomorrow = addDays(today, 1)
  const month = startOfPeriod('month', tomorrow)
  let made = 0
  for (const period of ['day', 'month'] as const) {
    const [current, next] = [startOfPeriod(period, today), period === 'day' ? tomorrow : month]
    if (current === next) continue
    const { numAffectedRows } = await sql`
      insert into budget_counter (scope, client_id, key, period, period_start, unit, base, used)
      select c.scope, c.client_id, c.key, c.period, ${next}, c.unit, 0, 0 from budget_counter c
      where c.period = ${period} and c.period_start = ${current}
        and exists (select from budget_family f where f.scope = c.scope and f.period = c.period and f.unit = c.unit
          and f.client_id in (c.client_id, ${NO_CLIENT}) and f.key in (c.key, '*'))
        and not exists (select from budget_counter n where n.scope = c.scope and n.client_id = c.client_id
          and n.key = c.key and n.period = c.period and n.unit = c.unit and n.period_start = ${next})
      order by c.scope, c.client_id, c.key, c.unit limit ${MOST} on conflict do nothing`.execute(db)
    made += Number(numAffectedRows ?? 0)
  }
  return made
}
