import type { MessageId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { Db, DbTransaction } from './connect.ts'
import { keepAnswer } from './idempotency.ts'
import { type IdempotentAnswer, insertMessages } from './insert-messages.ts'
import { giveTextsBack, type Repeats, takeTexts } from './recent-texts.ts'
import {
  type BudgetsInForce,
  planBudgets,
  prepareBudgets,
  reserveBudgets,
} from './reserve-budgets.ts'
import { retryDeadlock } from './retry-deadlock.ts'
import { ensureSubjects } from './subject-keys.ts'
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

/**
 * Stores all messages of a batch with its answer, in one transaction: a crash leaves the whole of it or nothing.
 * Those that repeat a text of a moment ago, and those that no budget has room for, are left out and named.
 * `undefined` where nothing was stored because its client has used the key before: see `findIdempotentAnswer`.
 */
export async function insertBatch(
  db: Db,
  vault: Vault,
  { batchId, messages: prepared, answerOf, windowSeconds, inForce, now }: Batch,
): Promise<LeftOut | undefined> {
  // Their keys first: in the transaction they would hold up everybody who sends to the same new people.
  const hashes = prepared.map(({ phone }) => vault.hash(phone))
  const subjects = await ensureSubjects(db, vault, hashes)
  const mostly = planBudgets(prepared, inForce)
  if (mostly) await prepareBudgets(db, mostly, inForce)
  const store = async (trx: DbTransaction) => {
    const repeats: Repeats =
      windowSeconds > 0 ? await takeTexts(trx, vault, prepared, windowSeconds) : new Map()
    const messages = prepared.filter(({ id }) => !repeats.has(id))
    const plan = planBudgets(messages, inForce)
    const reserved = plan && (await reserveBudgets(trx, plan, now))
    const isAffordable = (index: number) => !reserved || reserved.admitted[index] === true
    const unaffordable = new Set(
      messages.flatMap(({ id }, index) => (isAffordable(index) ? [] : [id])),
    )
    if (windowSeconds > 0) await giveTextsBack(trx, [...unaffordable])
    if (answerOf) {
      const answer = { ...answerOf({ repeats, unaffordable }), subject: batchId, now }
      if (!(await keepAnswer(trx, vault, answer))) {
        const taken = windowSeconds > 0 ? messages.map(({ id }) => id) : []
        await giveTextsBack(trx, taken)
        return undefined
      }
    }
    const affordable = messages.flatMap((message, index) => {
      const budgetCounters = reserved?.countersOf(index)
      if (!isAffordable(index)) return []
      return [{ message, ...(budgetCounters && { budgetCounters }) }]
    })
    for (let start = 0; start < affordable.length; start += CHUNK) {
      await insertMessages(trx, vault, affordable.slice(start, start + CHUNK), subjects)
    }
    return { repeats, unaffordable }
  }
  return retryDeadlock(() => db.transaction().execute(store))
}
