import { sql } from 'kysely'
import { type Budget, EACH, startOfPeriod } from '@sms-gateway/domain/budget'
import { NO_CLIENT } from './budgets.ts'
import type { Db } from './connect.ts'

export interface FilledBudget extends Budget {
  id: string
  used: number
  /** Used of the amount: over 1 where a soft one is passed. */
  share: number
}

/** The fullest of each client in this day or month; those of each client or customer stand nowhere. */
export async function listFullest(
  db: Db,
  { day, limit }: { day: string; limit: number },
): Promise<FilledBudget[]> {
  const month = startOfPeriod('month', day)
  const { rows } = await sql<FilledBudget>`
    select id, scope, nullif(client_id, ${NO_CLIENT}) as "clientId", key, period, unit, hard, amount, used, share
    from (
      select f.*, row_number() over (partition by client_id order by share desc, id) as place
      from (
        select b.*, coalesce(c.used, 0) as used,
          case when b.amount > 0 then coalesce(c.used, 0)::float8 / b.amount when c.used > 0 then 1 else 0 end as share
        from budget b left join lateral (
          -- One at a time by its key: most counters are of days that are over.
          select used from budget_counter where scope = b.scope and client_id = b.client_id and key = b.key
            and period = b.period and unit = b.unit
            and period_start = case b.period when 'day' then ${day}::date else ${month}::date end
          limit 1
        ) c on true
        where b.key <> ${EACH} and (b.client_id <> ${NO_CLIENT} or b.scope not in ('client', 'customer'))
      ) f
    ) placed
    where place <= ${limit} order by share desc, id`.execute(db)
  return rows
}
