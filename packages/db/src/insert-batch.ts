import type { NewMessage } from '@sms-gateway/domain/message'
import type { Db, DbTransaction } from './connect.ts'
import { keepAnswer } from './idempotency.ts'
import { type IdempotentAnswer, insertMessages } from './insert-messages.ts'
import { giveTextsBack, type Repeats, takeTexts } from './recent-texts.ts'
import { retryDeadlock } from './retry-deadlock.ts'
import { ensureSubjects } from './subject-keys.ts'
import type { Vault } from './vault.ts'

export interface Batch {
  batchId: string
  messages: readonly NewMessage[]
  /** What a repeat of the request is to get, once it is known whose texts were sent before. */
  answerOf?: (repeats: Repeats) => IdempotentAnswer & { clientId: string }
  /** `SMS_DUPLICATE_WINDOW_SECONDS`; 0 is off. */
  windowSeconds: number
  now: Date
}

/** Messages a statement: one of 10,000 would hold the connection and the event loop for too long at once. */
const CHUNK = 500

/**
 * Stores all messages of a batch with its answer, in one transaction: a crash leaves the whole of it or nothing.
 * Those that repeat a text of a moment ago are left out and named.
 * `undefined` where nothing was stored because its client has used the key before: see `findIdempotentAnswer`.
 */
export async function insertBatch(
  db: Db,
  vault: Vault,
  { batchId, messages: prepared, answerOf, windowSeconds, now }: Batch,
): Promise<{ repeats: Repeats } | undefined> {
  // Their keys first: in the transaction they would hold up everybody who sends to the same new people.
  const hashes = prepared.map(({ phone }) => vault.hash(phone))
  const subjects = await ensureSubjects(db, vault, hashes)
  const store = async (trx: DbTransaction) => {
    const repeats: Repeats =
      windowSeconds > 0 ? await takeTexts(trx, vault, prepared, windowSeconds) : new Map()
    const messages = prepared.filter(({ id }) => !repeats.has(id))
    if (answerOf) {
      const answer = { ...answerOf(repeats), subject: batchId, now }
      if (!(await keepAnswer(trx, vault, answer))) {
        const taken = windowSeconds > 0 ? messages.map(({ id }) => id) : []
        await giveTextsBack(trx, taken)
        return undefined
      }
    }
    for (let start = 0; start < messages.length; start += CHUNK) {
      const chunk = messages.slice(start, start + CHUNK)
      await insertMessages(
        trx,
        vault,
        chunk.map((message) => ({ message })),
        subjects,
      )
    }
    return { repeats }
  }
  return retryDeadlock(() => db.transaction().execute(store))
}
