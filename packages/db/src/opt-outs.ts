import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { Db } from './connect.ts'
import type { Vault } from './vault.ts'

/** The number of a message goes on our own list, for every provider: its carrier or the provider says it refuses. */
export async function optOutRecipient(
  db: Db,
  vault: Vault,
  messageId: MessageId,
  { provider, code }: { provider: string; code: string | null },
): Promise<void> {
  const message = await db
    .selectFrom('message')
    .select(['recipient_hash', 'recipient_cipher', 'channel'])
    .where('id', '=', messageId)
    .executeTakeFirst()
  if (!message) return
  const phone = vault.open(message.recipient_cipher, messageId)
  await db
    .insertInto('opt_out')
    .values({
      recipient_hash: message.recipient_hash,
      channel: message.channel,
      kind: 'all',
      recipient_cipher: vault.seal(phone, message.recipient_hash.toString('hex')),
      source: provider,
      reason: code,
    })
    .onConflict((oc) => oc.columns(['recipient_hash', 'channel', 'kind']).doNothing())
    .execute()
}

/** Whether the recipient of a message has opted out of everything on its channel. */
export async function isRecipientOptedOut(db: Db, messageId: MessageId): Promise<boolean> {
  const { rows } = await sql`
    select from message m join opt_out o
      on o.recipient_hash = m.recipient_hash and o.channel = m.channel and o.kind = 'all'
    where m.id = ${messageId}`.execute(db)
  return rows.length > 0
}
