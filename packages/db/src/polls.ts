import { sql } from 'kysely'
import { MessageId } from '@sms-gateway/domain/ids'
import type { Phone } from '@sms-gateway/domain/phone'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { openPhone } from './find-message.ts'
import type { Vault } from './vault.ts'

/** A poll that its poller did not finish is made again after this. */
const POLL_LEASE_SECONDS = 60

export interface DuePoll {
  provider: ProviderName
  reference: string
  phone: Phone
  /** How many times it was asked for, this time included. */
  polls: number
  createdAt: Date
}

/**
 * References whose receipt is to be asked for now. Over all replicas each is handed to one caller at a time. Where the
 * recipient was erased nobody can be asked any more.
 */
export async function claimPolls(
  db: Db,
  vault: Vault,
  provider: ProviderName,
  { now, limit }: { now: Date; limit: number },
): Promise<DuePoll[]> {
  const lease = new Date(now.getTime() + POLL_LEASE_SECONDS * 1000)
  const { rows } = await sql<{
    reference: string
    message_id: string
    recipient_hash: Buffer
    recipient_cipher: Buffer
    key_cipher: Buffer | null
    polls: number
    created_at: Date
  }>`
    with due as (
      select reference from provider_reference where provider = ${provider} and poll_at <= ${now}
      order by poll_at limit ${limit} for update skip locked
    )
    update provider_reference p set poll_at = ${lease}, polls = p.polls + 1
    from due, message m
    where p.provider = ${provider} and p.reference = due.reference and m.id = p.message_id
    returning p.reference, p.message_id, p.polls, p.created_at, m.recipient_hash, m.recipient_cipher,
      (select k.key_cipher from subject_key k where k.recipient_hash = m.recipient_hash) as key_cipher`.execute(
    db,
  )
  const polls: DuePoll[] = []
  for (const row of rows) {
    const { reference, polls: count, created_at: createdAt } = row
    const phone = openPhone(vault, row, MessageId.parse(row.message_id))
    if (phone) polls.push({ provider, reference, phone, polls: count, createdAt })
    else await planPoll(db, provider, reference, null)
  }
  return polls
}

/**
 * Plans to ask for the receipts of messages that were sent at such a time and of which nothing was heard. How many. Those
 * that were asked for before have a plan already.
 */
export async function planLostReceipts(
  db: Db,
  provider: ProviderName,
  { now, sentAfter, sentBefore, limit }: LostReceipts,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with lost as (
      select p.reference from message m
      join provider_reference p on p.message_id = m.id and p.provider = ${provider}
      where m.status = 'sent' and m.sent_at > ${sentAfter} and m.sent_at <= ${sentBefore} and m.provider = ${provider}
        and p.poll_at is null and p.polls = 0 and p.delivery_status in ('accepted', 'sent')
      order by m.sent_at limit ${limit}
    )
    update provider_reference p set poll_at = ${now} from lost
    where p.provider = ${provider} and p.reference = lost.reference and p.poll_at is null`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0)
}

interface LostReceipts {
  now: Date
  sentAfter: Date
  sentBefore: Date
  limit: number
}

/** `null`: no better answer will come. */
export async function planPoll(
  db: Db,
  provider: ProviderName,
  reference: string,
  pollAt: Date | null,
): Promise<void> {
  await db
    .updateTable('provider_reference')
    .set({ poll_at: pollAt })
    .where('provider', '=', provider)
    .where('reference', '=', reference)
    .execute()
}
