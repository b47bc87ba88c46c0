import { sql } from 'kysely'
import { ALERT_PERCENTS } from '@sms-gateway/domain/budget'
import type { BudgetFamily } from '@sms-gateway/domain/budget-book'
import { toKey } from './budget-families.ts'
import type { Db } from './connect.ts'

/** A budget that is set, or gets another amount, may be past its marks already: then no message will pass them. */
export async function noteStanding(
  db: Db,
  family: BudgetFamily,
  { periodStart, now }: { periodStart: string; now: Date },
): Promise<void> {
  const { scope, client_id: clientId, key, period, unit } = toKey(family)
  await sql`
    insert into budget_alert (counter_id, hard, amount, percent, used, at)
    select c.id, b.hard, b.amount, p.percent, c.used, ${now}
    from budget b join budget_counter c on c.scope = b.scope and c.client_id = b.client_id and c.key = b.key
      and c.period = b.period and c.unit = b.unit and c.period_start = ${periodStart}
    cross join unnest(${[...ALERT_PERCENTS]}::smallint[]) p(percent)
    where b.scope = ${scope} and b.client_id = ${clientId} and b.key = ${key} and b.period = ${period}
      and b.unit = ${unit} and b.amount > 0 and c.used * 100 >= b.amount * p.percent
    on conflict do nothing`.execute(db)
}
