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

export async function isOptedOut(
  db: Db,
  vault: Vault,
  phone: string,
  channel: string,
): Promise<boolean> {
  const { rows } = await sql`
    select from opt_out where recipient_hash = ${vault.hash(phone)} and channel = ${channel} and kind = 'all'`.execute(
    db,
  )
  return rows.length > 0
}
