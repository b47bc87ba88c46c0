import type { Db, DbTransaction } from './connect.ts'
import { insertMessages, insertSealed } from './insert-messages.ts'
import {
  type BudgetPlan,
  type BudgetsInForce,
  countersOf,
  planBudgets,
  prepareBudgets,
  reserveBudgets,
} from './reserve-budgets.ts'
import { type AcceptedMessage, type SealedMessage, sealMessages } from './seal-messages.ts'
import type { EnsuredSubjects } from './subject-keys.ts'
import type { Vault } from './vault.ts'

/**
 * `key-used`: its client has used the key before. `unaffordable`: a hard budget has no room for it. `counting`: nobody knows
 * yet whether it has, for a few seconds.
 */
export type Insertion = 'stored' | 'key-used' | 'unaffordable' | 'counting'

/**
 * The way in which whatever is to be sent is stored: nothing goes over a budget, however it came in. Those that have no
 * room are left out, and the others are not held up by them. Where no budget is about them, it is one statement.
 */
export async function insertAffordable(
  db: Db,
  vault: Vault,
  accepted: readonly AcceptedMessage[],
  { inForce, known }: { inForce: BudgetsInForce; known?: EnsuredSubjects },
): Promise<Insertion[]> {
  const plan = planBudgets(
    accepted.map(({ message }) => message),
    inForce,
  )
  if (!plan) {
    const stored = await insertMessages(db, vault, accepted, known)
    return stored.map((each) => (each ? 'stored' : 'key-used'))
  }
  await prepareBudgets(db, plan)
  const sealed = await sealMessages(db, vault, accepted, known)
  const now = accepted[0]?.message.createdAt ?? new Date()
  const run = (trx: DbTransaction) => insertWithin(trx, sealed, plan, now)
  return db.isTransaction ? run(toTransaction(db)) : db.transaction().execute(run)
}

/** From here the counters are locked: all that is left is to store what was made ready. */
async function insertWithin(
  trx: DbTransaction,
  sealed: readonly SealedMessage[],
  plan: BudgetPlan,
  now: Date,
): Promise<Insertion[]> {
  const reservation = await reserveBudgets(trx, plan, now)
  const { admitted, undecided } = reservation
  const affordable = sealed.flatMap((each, index) => {
    const budgetCounters = countersOf(reservation, plan.spendings[index])
    return admitted[index] ? [{ ...each, ...(budgetCounters && { budgetCounters }) }] : []
  })
  const stored = affordable.length > 0 ? await insertSealed(trx, affordable) : []
  const results = stored.values()
  return admitted.map((each, index) => {
    if (!each) return undecided.has(index) ? 'counting' : 'unaffordable'
    return results.next().value === true ? 'stored' : 'key-used'
  })
}

function toTransaction(db: Db): DbTransaction {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions, @typescript-eslint/no-unsafe-class-instance-assignment -- `isTransaction` says so, and Kysely has no type guard for it
  return db as DbTransaction
}
