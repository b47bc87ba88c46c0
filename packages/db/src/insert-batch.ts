import type { NewMessage } from '@sms-gateway/domain/message'
import type { Db } from './connect.ts'
import { keepAnswer } from './idempotency.ts'
import { type IdempotentAnswer, insertMessages } from './insert-messages.ts'
import { ensureSubjects } from './subject-keys.ts'
import type { Vault } from './vault.ts'

export interface Batch {
  batchId: string
  messages: readonly NewMessage[]
  answer?: IdempotentAnswer & { clientId: string }
  now: Date
}

/** Messages a statement: one of 10,000 would hold the connection and the event loop for too long at once. */
const CHUNK = 500

/**
 * Stores all messages of a batch with its answer, in one transaction: a crash leaves the whole of it or nothing.
 * `false` where nothing was stored because its client has used the key before: see `findIdempotentAnswer`.
 */
export async function insertBatch(
  db: Db,
  vault: Vault,
  { batchId, messages, answer, now }: Batch,
): Promise<boolean> {
  // Their keys first: in the transaction they would hold up everybody who sends to the same new people.
  const hashes = messages.map(({ phone }) => vault.hash(phone))
  const subjects = await ensureSubjects(db, vault, hashes)
  return db.transaction().execute(async (trx) => {
    if (answer) {
      const isFirst = await keepAnswer(trx, vault, { ...answer, subject: batchId, now })
      if (!isFirst) return false
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
    return true
  })
}
