import type { Selectable } from 'kysely'
import type { InboundText } from '@sms-gateway/domain/inbound'
import type { Message } from '@sms-gateway/domain/message'
import type { Db } from './connect.ts'
import { toMessage } from './find-message.ts'
import { openInbound } from './inbound.ts'
import type { InboundTable } from './schema/inbound.ts'
import type { AttemptTable } from './schema/messages.ts'
import { openFor } from './subject.ts'
import type { Vault } from './vault.ts'

export interface SubjectReceipt {
  provider: string
  reference: string
  status: string
  errorCode: string | null
  receivedAt: Date
  /** As it came. */
  body: string | null
}

export interface SubjectMessage {
  message: Message
  attempts: readonly Selectable<AttemptTable>[]
  receipts: readonly SubjectReceipt[]
}

interface Page {
  recipientHash: Buffer
  before?: string | undefined
  limit: number
}

/** A page of a person's messages of all clients, newest first, each with all that hangs on it. */
export async function listSubjectMessages(
  db: Db,
  vault: Vault,
  { recipientHash, before, limit }: Page,
): Promise<SubjectMessage[]> {
  const rows = await db
    .selectFrom('message as m')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'm.recipient_hash')
    .selectAll('m')
    .select('k.key_cipher')
    .where('m.recipient_hash', '=', recipientHash)
    .$if(before !== undefined, (query) => query.where('m.id', '<', before ?? ''))
    .orderBy('m.id', 'desc')
    .limit(limit)
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [events, attempts, receipts] = await Promise.all([
    db
      .selectFrom('message_event')
      .selectAll()
      .where('message_id', 'in', ids)
      .orderBy('id')
      .execute(),
    db.selectFrom('attempt').selectAll().where('message_id', 'in', ids).orderBy('number').execute(),
    listReceipts(db, vault, ids),
  ])
  return rows.map((row) => ({
    message: toMessage(
      vault,
      row,
      events.filter(({ message_id: id }) => id === row.id),
    ),
    attempts: attempts.filter(({ message_id: id }) => id === row.id),
    receipts: receipts.filter(({ messageId: id }) => id === row.id),
  }))
}

async function listReceipts(db: Db, vault: Vault, ids: readonly string[]) {
  const rows = await db
    .selectFrom('provider_reference as p')
    .innerJoin('receipt as r', (join) =>
      join.onRef('r.provider', '=', 'p.provider').onRef('r.reference', '=', 'p.reference'),
    )
    .leftJoin('subject_key as k', 'k.recipient_hash', 'r.recipient_hash')
    .select(['p.message_id', 'r.provider', 'r.reference', 'r.status', 'r.error_code'])
    .select(['r.received_at', 'r.body_cipher', 'r.dedupe_key', 'r.recipient_hash', 'k.key_cipher'])
    .where('p.message_id', 'in', ids)
    .orderBy('r.received_at')
    .execute()
  return rows.map(({ recipient_hash: hash, ...row }) => {
    const person = hash && { recipient_hash: hash, key_cipher: row.key_cipher }
    const context = row.dedupe_key.toString('hex')
    return {
      messageId: row.message_id,
      provider: row.provider,
      reference: row.reference,
      status: row.status,
      errorCode: row.error_code,
      receivedAt: row.received_at,
      body: person && openFor(vault, person, row.body_cipher, context),
    }
  })
}

export interface SubjectInbound {
  row: Pick<Selectable<InboundTable>, 'id' | 'provider' | 'reference' | 'keyword' | 'received_at'>
  text: InboundText
}

/** A page of what the person has written to us, newest first. */
export async function listSubjectInbound(
  db: Db,
  vault: Vault,
  { recipientHash, before, limit }: Page,
): Promise<SubjectInbound[]> {
  const rows = await db
    .selectFrom('inbound as i')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'i.sender_hash')
    .selectAll('i')
    .select('k.key_cipher')
    .where('i.sender_hash', '=', recipientHash)
    .$if(before !== undefined, (query) => query.where('i.id', '<', before ?? ''))
    .orderBy('i.id', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap((row) => {
    const text = openInbound(vault, row)
    return text ? [{ row, text }] : []
  })
}
