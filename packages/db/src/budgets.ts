import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import { type BudgetCounter, EACH, startOfPeriod } from '@sms-gateway/domain/budget'
import type { OwnedBudget } from '@sms-gateway/domain/budget-authority'
import type { Db } from './connect.ts'
import type { BudgetTable } from './schema/money.ts'

export interface StoredBudget extends OwnedBudget {
  id: string
  createdAt: Date
  updatedAt: Date
}

/** Of a budget of one counter, where it stands. */
export interface BudgetUse extends StoredBudget {
  /** Null of a budget of each: there are as many counters as there are of them. */
  used: number | null
  alerts: { percent: number; at: Date }[]
  /** What was accepted before it was set is being counted. */
  isCounting: boolean
}

/** In a unique key there is no null. */
export const NO_CLIENT = '00000000-0000-0000-0000-000000000000'

export async function listBudgets(db: Db): Promise<StoredBudget[]> {
  const rows = await db.selectFrom('budget').selectAll().orderBy('id').execute()
  return rows.map(toBudget)
}

/** Those of a client, or of all; `after` is the last id of the page before. */
export async function listBudgetUse(
  db: Db,
  {
    clientId,
    after,
    limit,
    day,
  }: { clientId: string | undefined; after: string | undefined; limit: number; day: string },
): Promise<BudgetUse[]> {
  const rows = await db
    .selectFrom('budget')
    .selectAll()
    .select(IS_COUNTING)
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute()
  return Promise.all(
    rows.map(async (row) => ({
      ...(await withUse(db, toBudget(row), day)),
      isCounting: row.is_counting,
    })),
  )
}

const IS_COUNTING = sql<boolean>`exists (
  select from budget_family f where f.scope = budget.scope and f.client_id = budget.client_id and f.key = budget.key
    and f.period = budget.period and f.unit = budget.unit and f.state = 'counting')`.as(
  'is_counting',
)

async function withUse(
  db: Db,
  budget: StoredBudget,
  day: string,
): Promise<Omit<BudgetUse, 'isCounting'>> {
  const { scope, clientId, key, period, unit, hard, amount } = budget
  const isOfEach =
    key === EACH || (clientId === null && (scope === 'client' || scope === 'customer'))
  if (isOfEach) return { ...budget, used: null, alerts: [] }
  const periodStart = startOfPeriod(period, day)
  const counter = await findCounter(db, { scope, clientId, key, period, periodStart, unit })
  if (!counter) return { ...budget, used: 0, alerts: [] }
  const alerts = await db
    .selectFrom('budget_alert')
    .select(['percent', 'at'])
    .where('counter_id', '=', counter.id)
    .where('hard', '=', hard)
    .where('amount', '=', amount)
    .orderBy('percent')
    .execute()
  return { ...budget, used: counter.used, alerts }
}

function findCounter(db: Db, counter: BudgetCounter) {
  const { scope, clientId, key, period, periodStart, unit } = counter
  return db
    .selectFrom('budget_counter')
    .select(['id', 'used'])
    .where('scope', '=', scope)
    .where('client_id', '=', clientId ?? NO_CLIENT)
    .where('key', '=', key)
    .where('period', '=', period)
    .where('period_start', '=', periodStart)
    .where('unit', '=', unit)
    .executeTakeFirst()
}

export function toBudget(row: Selectable<BudgetTable>): StoredBudget {
  const { id, scope, key, period, unit, hard, amount, set_by_admin: setByAdmin } = row
  return {
    ...{ id, scope, key, period, unit, hard, amount, setByAdmin },
    clientId: row.client_id === NO_CLIENT ? null : row.client_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
