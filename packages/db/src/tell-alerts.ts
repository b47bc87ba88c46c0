import { sql } from 'kysely'
import type { BudgetPeriod, BudgetScope, BudgetUnit } from '@sms-gateway/domain/budget'
import { startOfPeriod } from '@sms-gateway/domain/budget'
import { NO_CLIENT } from './budgets.ts'
import type { Db } from './connect.ts'

/** Without the key: it may be a customer. */
export interface ToldAlert {
  alertId: number
  scope: BudgetScope
  clientId: string | null
  period: BudgetPeriod
  periodStart: string
  unit: BudgetUnit
  hard: boolean
  percent: number
}

const MOST = 500

/** Each once, over all replicas: whoever gets it writes it to the log. */
export async function takeUntoldAlerts(db: Db, now: Date): Promise<ToldAlert[]> {
  const { rows } = await sql<ToldAlert>`
    with taken as (
      update budget_alert set told_at = ${now} where id in (
        select id from budget_alert where told_at is null order by id limit ${MOST} for update skip locked)
      returning id, counter_id, hard, percent
    )
    select t.id as "alertId", c.scope, nullif(c.client_id, ${NO_CLIENT}) as "clientId", c.period,
      to_char(c.period_start, 'YYYY-MM-DD') as "periodStart", c.unit, t.hard, t.percent
    from taken t join budget_counter c on c.id = t.counter_id order by t.id`.execute(db)
  return rows
}

export interface AlertCount {
  scope: BudgetScope
  period: BudgetPeriod
  hard: boolean
  percent: number
  count: number
}

/** Budgets that have passed each mark in the day or month that runs. */
export async function countAlerts(db: Db, day: string): Promise<AlertCount[]> {
  const { rows } = await sql<AlertCount>`
    select c.scope, c.period, a.hard, a.percent, count(distinct c.id)::int as count
    from budget_counter c join budget_alert a on a.counter_id = c.id
    where (c.period = 'day' and c.period_start = ${day})
      or (c.period = 'month' and c.period_start = ${startOfPeriod('month', day)})
    group by 1, 2, 3, 4`.execute(db)
  return rows
}
