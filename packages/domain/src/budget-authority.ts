import { type Budget, EACH } from './budget.ts'

export interface OwnedBudget extends Budget {
  /** False: by a key of the client itself, without the scope `admin`. */
  setByAdmin: boolean
}

/** What a client may not undo by itself: whatever holds it back, and whatever an admin wants to be told of. */
export function isProtected({ hard, setByAdmin }: OwnedBudget): boolean {
  return hard || setByAdmin
}

/**
 * The strictest budget that would no longer hold if a client set this one by itself: its own of the same kind with a
 * lower amount, or one of each with a lower amount, before which an own one goes.
 */
export function findLoosened(
  budgets: readonly OwnedBudget[],
  wanted: Budget,
): OwnedBudget | undefined {
  const loosened = budgets.filter(
    (each) => isProtected(each) && each.amount < wanted.amount && goesBefore(wanted, each),
  )
  return loosened.toSorted((a, b) => a.amount - b.amount)[0]
}

/** Whether there is a counter for which `wanted` would hold in the stead of `other`. */
function goesBefore(wanted: Budget, other: Budget): boolean {
  if (!isOfKind(wanted, other)) return false
  const isSameKey = wanted.key === other.key
  // An own budget of one customer holds, whatever the own one of each says.
  if (other.clientId === wanted.clientId) return isSameKey || other.key === EACH
  // Of message types, what all clients send together has a counter of its own.
  if (other.clientId !== null || wanted.scope === 'message_type') return false
  return isSameKey || wanted.key === EACH || other.key === EACH
}

function isOfKind(a: Budget, b: Budget): boolean {
  return a.scope === b.scope && a.period === b.period && a.unit === b.unit && a.hard === b.hard
}
