import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Budget } from '@sms-gateway/domain/budget'
import { findLoosened, isProtected, type OwnedBudget } from '@sms-gateway/domain/budget-authority'
import { forgetFamilies, registerFamilies } from './budget-families.ts'
import { NO_CLIENT, type StoredBudget, toBudget } from './budgets.ts'
import type { Db, DbTransaction } from './connect.ts'

/** Each is in the memory of every process that accepts. */
export const MOST_BUDGETS = 500

/** One change at a time: what a client may do depends on what an admin has just done. */
const LOCK = 7_301_022

export interface Authority {
  /** Without `admin` a client may make what holds for it stricter, and no more. */
  isAdmin: boolean
  /** Those of the environment, which nobody outranks without `admin` either. */
  defaults: readonly Budget[]
}

export type BudgetSet =
  { kind: 'set'; budget: StoredBudget } | { kind: 'loosens'; amount: number } | { kind: 'too-many' }

/** One that is there already gets the new amount. A new one is to be counted: see `countBudgets`. */
export async function setBudget(
  db: Db,
  budget: Budget,
  { isAdmin, defaults, now }: Authority & { now: Date },
): Promise<BudgetSet> {
  return db.transaction().execute(async (trx) => {
    await lock(trx)
    const stored = await listOf(trx, budget.clientId)
    const common = defaults.map((each) => ({ ...each, setByAdmin: true }))
    const loosened = isAdmin ? undefined : findLoosened([...common, ...stored], budget)
    if (loosened) return { kind: 'loosens', amount: loosened.amount }
    const own = stored.filter(({ clientId }) => clientId === budget.clientId)
    const isNew = !own.some((each) => isSame(each, budget))
    if (isNew && own.length >= MOST_BUDGETS) return { kind: 'too-many' }
    await registerFamilies(trx, [budget], now)
    return { kind: 'set', budget: await upsert(trx, budget, { isAdmin, now }) }
  })
}

export type BudgetDeleted = 'deleted' | 'not-found' | 'protected'

/** Of a client, or of all where it is `undefined`. */
export async function deleteBudget(
  db: Db,
  id: string,
  { clientId, isAdmin, defaults }: Authority & { clientId: string | undefined },
): Promise<BudgetDeleted> {
  return db.transaction().execute(async (trx) => {
    await lock(trx)
    const row = await trx
      .selectFrom('budget')
      .selectAll()
      .where('id', '=', id)
      .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
      .executeTakeFirst()
    if (!row) return 'not-found'
    if (!isAdmin && isProtected(toBudget(row))) return 'protected'
    await trx.deleteFrom('budget').where('id', '=', id).execute()
    await forgetFamilies(trx, defaults)
    return 'deleted'
  })
}

async function lock(trx: DbTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
}

/** Those of the client and those of each. */
async function listOf(trx: DbTransaction, clientId: string | null): Promise<OwnedBudget[]> {
  const rows = await trx
    .selectFrom('budget')
    .selectAll()
    .where('client_id', 'in', [clientId ?? NO_CLIENT, NO_CLIENT])
    .execute()
  return rows.map(toBudget)
}

function isSame(a: Budget, b: Budget): boolean {
  const isOfKind = a.scope === b.scope && a.key === b.key && a.hard === b.hard
  return isOfKind && a.period === b.period && a.unit === b.unit
}

async function upsert(
  trx: DbTransaction,
  { scope, clientId, key, period, unit, hard, amount }: Budget,
  { isAdmin, now }: { isAdmin: boolean; now: Date },
): Promise<StoredBudget> {
  const row = await trx
    .insertInto('budget')
    .values({
      id: randomUUID(),
      client_id: clientId ?? NO_CLIENT,
      ...{ scope, key, period, unit, hard, amount, created_at: now, updated_at: now },
      set_by_admin: isAdmin,
    })
    .onConflict((oc) =>
      oc.columns(['scope', 'client_id', 'key', 'period', 'unit', 'hard']).doUpdateSet({
        amount,
        updated_at: now,
        // What an admin has set stays the admin's, however much stricter its client makes it.
        set_by_admin: sql`budget.set_by_admin or excluded.set_by_admin`,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
  return toBudget(row)
}
