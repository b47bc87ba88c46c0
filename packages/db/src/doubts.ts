import { sql } from 'kysely'
import type { AttemptKey } from '@sms-gateway/domain/ids'
import { MessageId } from '@sms-gateway/domain/ids'
import type { Phone } from '@sms-gateway/domain/phone'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { openPersonal, type PersonalContent } from './find-message.ts'
import type { Vault } from './vault.ts'

/** A check that its checker did not finish is made again after this. */
const CHECK_LEASE_SECONDS = 30

export interface Doubt extends AttemptKey {
  provider: ProviderName
  phone: Phone
  text: string
  messageType: string
  expiresAt: Date
  countedAttempts: number
  /** When the attempt was committed. */
  openedAt: Date
  /** When its doubt began. */
  doubtedAt: Date
  /** How many times the provider was asked before. */
  checks: number
}

interface DoubtRow {
  message_id: string
  number: number
  provider: ProviderName
  opened_at: Date
  settled_at: Date | null
  message_type: string
  expires_at: Date
  counted_attempts: number
  checks: number
  recipient_hash: Buffer
  recipient_cipher: Buffer
  content_cipher: Buffer
  key_cipher: Buffer | null
}

/**
 * Doubts whose provider is to be asked now. Each is handed to one caller at a time. Where the recipient was erased
 * nobody can be asked any more: a receipt settles it, or the receipt time-out.
 */
export async function claimDoubts(
  db: Db,
  vault: Vault,
  now: Date,
  limit: number,
): Promise<Doubt[]> {
  const lease = new Date(now.getTime() + CHECK_LEASE_SECONDS * 1000)
  const { rows } = await sql<DoubtRow>`
    with due as (
      select message_id, number from attempt where state = 'in_doubt' and check_at <= ${now}
      order by check_at limit ${limit} for update skip locked
    )
    update attempt a set check_at = ${lease}
    from due join message m on m.id = due.message_id
    where a.message_id = due.message_id and a.number = due.number
    returning a.message_id, a.number, a.provider, a.opened_at, a.settled_at, a.checks,
      m.message_type, m.expires_at, m.counted_attempts, m.recipient_hash, m.recipient_cipher,
      m.content_cipher, (select k.key_cipher from subject_key k where k.recipient_hash = m.recipient_hash) as key_cipher`.execute(
    db,
  )
  const doubts: Doubt[] = []
  for (const row of rows) {
    const messageId = MessageId.parse(row.message_id)
    const content = openPersonal(vault, row, messageId)
    if (!content) {
      await stopAsking(db, { messageId, number: row.number })
      continue
    }
    doubts.push(toDoubt(row, messageId, content))
  }
  return doubts
}

function toDoubt(row: DoubtRow, messageId: MessageId, { phone, text }: PersonalContent): Doubt {
  return {
    ...{ messageId, number: row.number, provider: row.provider, phone, text },
    messageType: row.message_type,
    expiresAt: row.expires_at,
    countedAttempts: row.counted_attempts,
    openedAt: row.opened_at,
    doubtedAt: row.settled_at ?? row.opened_at,
    checks: row.checks,
  }
}

async function stopAsking(db: Db, { messageId, number }: AttemptKey): Promise<void> {
  await db
    .updateTable('attempt')
    .set({ check_at: null })
    .where('message_id', '=', messageId)
    .where('number', '=', number)
    .execute()
}

/** The provider was asked and knew nothing (`counted`), or could not be asked: it is asked again at `checkAt`. */
export async function postponeDoubt(
  db: Db,
  { messageId, number }: AttemptKey,
  { checkAt, counted }: { checkAt: Date; counted: boolean },
): Promise<void> {
  await db
    .updateTable('attempt')
    .set((eb) => ({ check_at: checkAt, checks: eb('checks', '+', counted ? 1 : 0) }))
    .where('message_id', '=', messageId)
    .where('number', '=', number)
    .where('state', '=', 'in_doubt')
    .execute()
}

/**
 * Whether another message to the same number is being submitted right now: its own answer is still to come, so what a
 * look-up has just found may be that one.
 */
export async function hasOpenTwin(db: Db, messageId: MessageId): Promise<boolean> {
  const { rows } = await sql`
    select from message m join message other on other.recipient_hash = m.recipient_hash and other.id <> m.id
    where m.id = ${messageId} and other.attempt_open limit 1`.execute(db)
  return rows.length > 0
}
