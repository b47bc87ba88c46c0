import { sql } from 'kysely'
import type { Keyword } from '@sms-gateway/domain/keywords'
import { matchKeyword } from '@sms-gateway/domain/keywords'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { Db, DbTransaction } from './connect.ts'
import { openInbound } from './inbound.ts'
import type { Conversation, InboundFacts, InboundRow } from './inbound-facts.ts'
import { findConversation, gatherFacts } from './inbound-facts.ts'
import { insertAffordable } from './insert-affordable.ts'
import { changeList } from './opt-out-by-keyword.ts'
import { recordCallbackEvent } from './record-callback-event.ts'
import type { BudgetsInForce } from './reserve-budgets.ts'
import { retryDeadlock } from './retry-deadlock.ts'
import type { Vault } from './vault.ts'

export interface AutomaticAnswer {
  message: NewMessage
  /** It says that the opt-out was done, so the opt-out does not stop it. */
  exemptFromOptOut?: true
}

/** Pure: it is asked inside the transaction. */
export type AnswerInbound = (
  facts: InboundFacts & { hasChangedList: boolean },
) => AutomaticAnswer | undefined

/** Tells these locks from those of other tables. */
const LOCK_SPACE = 7

/**
 * First the word, then the conversation: what the word changes, the message that confirms it and the mark that this was
 * done are one transaction, so that none is lost or done twice. False where it was applied before, or is just now.
 */
export async function applyInbound(
  db: Db,
  vault: Vault,
  id: string,
  { answer, inForce, now }: { answer: AnswerInbound; inForce: BudgetsInForce; now: Date },
): Promise<boolean> {
  return retryDeadlock(() =>
    db.transaction().execute(async (trx) => {
      const row = await lockInbound(trx, id)
      if (!row) return false
      const inbound = openInbound(vault, row)
      // Erased before it was applied: there is nothing left to act on.
      if (!inbound) return markApplied(trx, id, { now })
      const keyword = inbound.providerKeyword ?? matchKeyword(inbound.text)
      const said = { row, inbound, keyword, now }
      const hasChangedList = await changeList(trx, vault, said)
      const conversation = await findConversation(trx, row)
      const facts = await gatherFacts(trx, vault, { ...said, conversation })
      const answered = answer({ ...facts, hasChangedList })
      const accepted = answered ? [{ ...answered, inReplyTo: id }] : []
      // Where a budget has no room for it, nobody is answered.
      const [stored] = await insertAffordable(trx, vault, accepted, { inForce })
      if (stored === 'counting') throw new Error('its budget is being counted')
      await tell(trx, row, conversation)
      const answerId = stored === 'stored' ? (answered?.message.id ?? null) : null
      return markApplied(trx, id, { now, keyword, conversation, answerId })
    }),
  )
}

/** The texts of one number are applied one after the other, whoever applies them. */
async function lockInbound(trx: DbTransaction, id: string): Promise<InboundRow | undefined> {
  const row = await trx
    .selectFrom('inbound')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('subject_key')
        .select('key_cipher')
        .whereRef('recipient_hash', '=', 'sender_hash')
        .as('key_cipher'),
    )
    .where('id', '=', id)
    .where('state', '=', 'new')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (!row) return undefined
  const sender = row.sender_hash.toString('hex')
  await sql`select pg_advisory_xact_lock(hashtextextended(${sender}, ${LOCK_SPACE}))`.execute(trx)
  return row
}

async function markApplied(
  trx: DbTransaction,
  id: string,
  {
    now,
    keyword,
    conversation,
    answerId,
  }: {
    now: Date
    keyword?: Keyword | undefined
    conversation?: Conversation
    answerId?: string | null
  },
): Promise<true> {
  await trx
    .updateTable('inbound')
    .set({ ...conversation, state: 'applied', applied_at: now })
    .set({ keyword: keyword ?? null, answer_id: answerId ?? null })
    .where('id', '=', id)
    .execute()
  return true
}

/** The producer whose conversation it is; of what belongs to nobody's nobody is told. */
async function tell(
  trx: DbTransaction,
  { id: subjectId, received_at: occurredAt }: InboundRow,
  { client_id: clientId }: Conversation,
): Promise<void> {
  if (clientId === null) return
  await recordCallbackEvent(trx, { clientId, type: 'message.inbound', subjectId, occurredAt })
}
