import { sql } from 'kysely'
import type { Budget } from '@sms-gateway/domain/budget'
import { type BudgetFamily, familyIdOf } from '@sms-gateway/domain/budget-book'
import { NO_CLIENT } from './budgets.ts'
import type { Db } from './connect.ts'

/** `counting`: what was there before is not known. `settling`: it is, but for what others accepted before they heard of it. */
export type FamilyState = 'counting' | 'settling' | 'counted'

export interface StoredFamily extends BudgetFamily {
  setAt: Date
  state: FamilyState
}

/** By {@link familyIdOf}. */
export async function listFamilies(db: Db): Promise<Map<string, StoredFamily>> {
  const rows = await db.selectFrom('budget_family').selectAll().execute()
  const families = rows.map(({ scope, client_id: id, key, period, unit, set_at: setAt, state }) => {
    const clientId = id === NO_CLIENT ? null : id
    return { scope, clientId, key, period, unit, setAt, state }
  })
  return new Map(families.map((family) => [familyIdOf(family), family] as const))
}

/** Those that are there are left as they are. */
export async function registerFamilies(
  db: Db,
  budgets: readonly BudgetFamily[],
  now: Date,
): Promise<void> {
  if (budgets.length === 0) return
  const rows = budgets
    .map((budget) => ({ ...toKey(budget), set_at: now, state: 'counting' as const }))
    // Two that register the same ones wait for each other instead of deadlocking.
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  await db
    .insertInto('budget_family')
    .values(rows)
    .onConflict((oc) => oc.doNothing())
    .execute()
}

/** Of budgets that are no more, those of the environment too: who sets one again has it counted anew. */
export async function forgetFamilies(db: Db, defaults: readonly Budget[]): Promise<void> {
  await sql`
    delete from budget_family f where not exists (
      select from budget b where b.scope = f.scope and b.client_id = f.client_id and b.key = f.key
        and b.period = f.period and b.unit = f.unit)
    and not exists (
      select from json_to_recordset(${JSON.stringify(defaults.map(toKey))}::json)
        d(scope text, client_id uuid, key text, period text, unit text)
      where d.scope = f.scope and d.client_id = f.client_id and d.key = f.key
        and d.period = f.period and d.unit = f.unit)`.execute(db)
}

/** Where nobody has set it again meanwhile. */
export async function markFamily(
  db: Db,
  { setAt, ...family }: StoredFamily,
  state: FamilyState,
): Promise<void> {
  const { scope, client_id: clientId, key, period, unit } = toKey(family)
  await db
    .updateTable('budget_family')
    .set({ state })
    .where('scope', '=', scope)
    .where('client_id', '=', clientId)
    .where('key', '=', key)
    .where('period', '=', period)
    .where('unit', '=', unit)
    .where('set_at', '=', setAt)
    .execute()
}

export function toKey({ scope, clientId, key, period, unit }: BudgetFamily) {
  return { scope, client_id: clientId ?? NO_CLIENT, key, period, unit }
}
