import type { MessageId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { Db, DbTransaction } from './connect.ts'
import { claimHold, type Hold, holdBudgets, settleHold, sumUp } from './hold-budgets.ts'
import { keepAnswer } from './idempotency.ts'
import { insertSealed } from './insert-messages.ts'
import { findTaken, giveTextsBack, type Repeats, takeTexts } from './recent-texts.ts'
import { releaseHold } from './release-holds.ts'
import {
  type BudgetPlan,
  type BudgetsInForce,
  countersOf,
  planBudgets,
  prepareBudgets,
} from './reserve-budgets.ts'
import { retryDeadlock } from './retry-deadlock.ts'
import { type IdempotentAnswer, sealMessages } from './seal-messages.ts'
import { type EnsuredSubjects, ensureSubjects } from './subject-keys.ts'
import type { Vault } from './vault.ts'

export interface Batch {
  batchId: string
  messages: readonly NewMessage[]
  /** What a repeat of the request is to get, once it is known who is left out. */
  answerOf?: (leftOut: LeftOut) => IdempotentAnswer & { clientId: string }
  /** `SMS_DUPLICATE_WINDOW_SECONDS`; 0 is off. */
  windowSeconds: number
  inForce: BudgetsInForce
  now: Date
}

/** Messages of a batch that are not stored. */
export interface LeftOut {
  repeats: Repeats
  unaffordable: ReadonlySet<MessageId>
}

/** Messages a statement: one of 10,000 would hold the connection and the event loop for too long at once. */
const CHUNK = 500
/** A hold is lost to the scheduler where a batch waits for a minute in between: it takes another. */
const TRIES = 3

/**
 * Stores all messages of a batch with its answer, in one transaction: a crash leaves the whole of it or nothing.
 * Those that repeat a text of a moment ago, and those that no budget has room for, are left out and named.
 * `key-used` where nothing was stored because its client has used the key before: see `findIdempotentAnswer`; `counting`
 * where nobody knows yet what a hard budget has room for.
 */
export async function insertBatch(
  db: Db,
  vault: Vault,
  batch: Batch,
): Promise<LeftOut | 'key-used' | 'counting'> {
  const { batchId, messages, inForce, now } = batch
  // Their keys first: in the transaction they would hold up everybody who sends to the same new people.
  const hashes = messages.map(({ phone }) => vault.hash(phone))
  const subjects = await ensureSubjects(db, vault, hashes)
  for (let tries = 1; tries <= TRIES; tries++) {
    const repeats = await findTaken(db, vault, messages, batch.windowSeconds)
    const others = messages.filter(({ id }) => !repeats.has(id))
    const plan = planBudgets(others, inForce)
    if (plan) await prepareBudgets(db, plan)
    const reserved = plan && { plan, hold: await holdOrGiveBack(db, batchId, plan, now) }
    if (reserved && reserved.hold.undecided.size > 0) {
      await releaseHold(db, batchId)
      return 'counting'
    }
    const outcome = await storeHeld(db, vault, batch, { subjects, repeats, others, reserved })
    if (outcome !== 'hold-lost') return outcome
  }
  throw new Error('a batch lost its hold of the budgets again and again')
}

/** One that fails midway has committed what came before: the client's repeat, under another id, would find that room taken. */
async function holdOrGiveBack(db: Db, batchId: string, plan: BudgetPlan, now: Date): Promise<Hold> {
  try {
    return await holdBudgets(db, batchId, plan, now)
  } catch (error) {
    // Where that fails too, the sweeper does it in a minute, and it is the first error that says what happened.
    await releaseHold(db, batchId).catch(() => undefined)
    throw error
  }
}

interface Ready {
  subjects: EnsuredSubjects
  /** Known before anything was reserved. */
  repeats: Repeats
  others: readonly NewMessage[]
  /** Of the others, in their order. */
  reserved: { plan: BudgetPlan; hold: Hold } | undefined
}

async function storeHeld(
  db: Db,
  vault: Vault,
  batch: Batch,
  ready: Ready,
): Promise<LeftOut | 'key-used' | 'hold-lost'> {
  let outcome: LeftOut | 'key-used' | 'hold-lost' | undefined
  try {
    outcome = await retryDeadlock(() =>
      db.transaction().execute((trx) => store(trx, vault, batch, ready)),
    )
    return outcome
  } finally {
    // Where the commit came through after all, there is nothing left to release.
    const isStored = typeof outcome === 'object'
    if (ready.reserved && !isStored) await releaseHold(db, batch.batchId)
  }
}

/** No counter is locked before the last statement, and then only where a repeat came in between. */
async function store(
  trx: DbTransaction,
  vault: Vault,
  { batchId, answerOf, windowSeconds, now }: Batch,
  { subjects, repeats: known, others, reserved }: Ready,
): Promise<LeftOut | 'key-used' | 'hold-lost'> {
  if (reserved && !(await claimHold(trx, batchId, reserved.hold))) return 'hold-lost'
  const isAdmitted = (place: number) => !reserved || reserved.hold.admitted[place] === true
  const unaffordable = new Set(others.flatMap(({ id }, place) => (isAdmitted(place) ? [] : [id])))
  const affordable = others.filter((_, place) => isAdmitted(place))
  const late: Repeats =
    windowSeconds > 0 ? await takeTexts(trx, vault, affordable, windowSeconds) : new Map()
  const repeats = new Map([...known, ...late])
  const messages = affordable.filter(({ id }) => !late.has(id))
  if (answerOf) {
    const answer = { ...answerOf({ repeats, unaffordable }), subject: batchId, now }
    if (!(await keepAnswer(trx, vault, answer))) {
      const taken = windowSeconds > 0 ? messages.map(({ id }) => id) : []
      await giveTextsBack(trx, taken)
      return 'key-used'
    }
  }
  const spendings = new Map(others.map(({ id }, place) => [id, reserved?.plan.spendings[place]]))
  for (let start = 0; start < messages.length; start += CHUNK) {
    const accepted = messages.slice(start, start + CHUNK).map((message) => ({ message }))
    const sealed = await sealMessages(trx, vault, accepted, subjects)
    await insertSealed(
      trx,
      sealed.map((each) => {
        const budgetCounters = reserved && countersOf(reserved.hold, spendings.get(each.id))
        return { ...each, ...(budgetCounters && { budgetCounters }) }
      }),
    )
  }
  if (reserved) {
    const unused = [...late.keys()].flatMap((id) => spendings.get(id) ?? [])
    await settleHold(trx, batchId, sumUp(unused, reserved.hold.rowIds))
  }
  return { repeats, unaffordable }
}
