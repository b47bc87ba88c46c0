import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import { type Budget, type BudgetCounter, EACH, startOfPeriod } from '@sms-gateway/domain/budget'
import type { Db } from './connect.ts'
import type { BudgetTable } from './schema/money.ts'

export interface StoredBudget extends Budget {
  id: string
  createdAt: Date
  updatedAt: Date
}

/** Of a budget of one counter, where it stands. */
export interface BudgetUse extends StoredBudget {
  /** Null of a budget of each: there are as many counters as there are of them. */
  used: number | null
  alerts: { percent: number; at: Date }[]
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
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute()
  return Promise.all(rows.map((row) => withUse(db, toBudget(row), day)))
}

async function withUse(db: Db, budget: StoredBudget, day: string): Promise<BudgetUse> {
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

/** One that is there already gets the new amount. */
export async function setBudget(db: Db, budget: Budget, now: Date): Promise<StoredBudget> {
  const { scope, clientId, key, period, unit, hard, amount } = budget
  const row = await db
    .insertInto('budget')
    .values({
      id: randomUUID(),
      client_id: clientId ?? NO_CLIENT,
      ...{ scope, key, period, unit, hard, amount, created_at: now, updated_at: now },
    })
    .onConflict((oc) =>
      oc
        .columns(['scope', 'client_id', 'key', 'period', 'unit', 'hard'])
        .doUpdateSet({ amount, updated_at: now }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
  return toBudget(row)
}

/** False where there is none, or it is another client's. */
export async function deleteBudget(
  db: Db,
  id: string,
  clientId: string | undefined,
): Promise<boolean> {
  const { rows } = await sql`delete from budget where id = ${id}
    and (${clientId ?? null}::uuid is null or client_id = ${clientId ?? null}) returning id`.execute(
    db,
  )
  return rows.length === 1
}

function toBudget(row: Selectable<BudgetTable>): StoredBudget {
  const { id, scope, key, period, unit, hard, amount } = row
  return {
    ...{ id, scope, key, period, unit, hard, amount },
    clientId: row.client_id === NO_CLIENT ? null : row.client_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
