import type { MessageId } from '@sms-gateway/domain/ids'
import type { Db, DbTransaction } from './connect.ts'
import { listUsedKeys } from './idempotency.ts'
import { insertAffordable } from './insert-affordable.ts'
import { giveTextsBack, takeTexts } from './recent-texts.ts'
import type { BudgetsInForce } from './reserve-budgets.ts'
import { retryDeadlock } from './retry-deadlock.ts'
import type { AcceptedMessage } from './seal-messages.ts'
import { type EnsuredSubjects, ensureSubjects } from './subject-keys.ts'
import type { Vault } from './vault.ts'

export type Stored =
  | { kind: 'stored' }
  /** Its client has used the key before: see `findIdempotentAnswer`. */
  | { kind: 'key-used' }
  /** A hard budget has no room for it. */
  | { kind: 'unaffordable' }
  /** What a hard budget has room for is being counted. */
  | { kind: 'counting' }
  /** The same text went to the same number within the window. */
  | { kind: 'repeats'; first: MessageId }

/** As `insertMessages`, where a text may not go to a number twice within a window (`SMS_DUPLICATE_WINDOW_SECONDS`). */
export async function insertUnrepeated(
  db: Db,
  vault: Vault,
  accepted: readonly AcceptedMessage[],
  { windowSeconds, inForce }: { windowSeconds: number; inForce: BudgetsInForce },
): Promise<Stored[]> {
  // Their keys first: in the transaction they would hold up everybody who sends to the same new people.
  const hashes = accepted.map(({ message }) => vault.hash(message.phone))
  const subjects = await ensureSubjects(db, vault, hashes)
  return retryDeadlock(() =>
    db
      .transaction()
      .execute((trx) => store(trx, vault, accepted, { windowSeconds, inForce, subjects })),
  )
}

async function store(
  trx: DbTransaction,
  vault: Vault,
  accepted: readonly AcceptedMessage[],
  {
    windowSeconds,
    inForce,
    subjects,
  }: { windowSeconds: number; inForce: BudgetsInForce; subjects: EnsuredSubjects },
): Promise<Stored[]> {
  // A repeat of a request gets the first one's answer: it is no second text, and takes none.
  const used = await listUsedKeys(trx, vault, accepted)
  const takers = accepted.filter((entry, index) => !used[index] && entry.inReplyTo === undefined)
  const messages = takers.map(({ message }) => message)
  const repeats = await takeTexts(trx, vault, messages, windowSeconds)
  const others = accepted.filter(({ message }) => !repeats.has(message.id))
  const stored = await insertAffordable(trx, vault, others, { inForce, known: subjects })
  const outcomes = new Map(
    others.map(({ message }, index) => [message.id, stored[index] ?? 'key-used'] as const),
  )
  const lost = messages
    .filter(({ id }) => outcomes.get(id) !== 'stored' && !repeats.has(id))
    .map(({ id }) => id)
  await giveTextsBack(trx, lost)
  const answers = new Map<MessageId, Stored>(
    accepted.map(({ message: { id } }) => {
      const first = repeats.get(id)
      return [id, first ? { kind: 'repeats', first } : { kind: outcomes.get(id) ?? 'key-used' }]
    }),
  )
  // What repeats a text that was not stored repeats nothing. One of them at least is settled each time.
  const orphans = accepted.filter(({ message: { id } }) => {
    const first = repeats.get(id)
    return first !== undefined && lost.includes(first)
  })
  if (orphans.length > 0) {
    const settled = await store(trx, vault, orphans, { windowSeconds, inForce, subjects })
    for (const [index, { message }] of orphans.entries()) {
      const answer = settled[index]
      if (answer) answers.set(message.id, answer)
    }
  }
  return accepted.map(({ message }) => answers.get(message.id) ?? { kind: 'key-used' })
}
