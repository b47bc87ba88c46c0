import type { MessageId } from '@sms-gateway/domain/ids'
import type { Db } from './connect.ts'
import { openPhone } from './find-message.ts'
import { addOptOut } from './opt-outs.ts'
import type { Vault } from './vault.ts'

export interface CarrierRefusal {
  provider: string
  code: string | null
  /** Of the number that the receipt names. */
  hash?: Buffer | null
  now: Date
}

/**
 * The number of a message goes on our own list, for every provider: its carrier or the provider says it refuses. Of one
 * who was erased the hash alone does: the refusal counts all the same.
 */
export async function optOutRecipient(
  db: Db,
  vault: Vault,
  messageId: MessageId,
  { provider, code, hash, now }: CarrierRefusal,
): Promise<void> {
  const message = await db
    .selectFrom('message')
    .leftJoin('subject_key', 'subject_key.recipient_hash', 'message.recipient_hash')
    .select(['message.recipient_hash', 'recipient_cipher', 'channel', 'key_cipher'])
    .where('id', '=', messageId)
    .executeTakeFirst()
  if (!message) return
  const phone = openPhone(vault, message, messageId)
  const { channel } = message
  if (phone !== undefined) {
    const said = { source: provider, reason: code, actor: null }
    await addOptOut(db, vault, { phone, channel, kind: 'all', ...said }, now)
  } else if (hash) {
    await db
      .insertInto('opt_out')
      .values({ recipient_hash: hash, channel, kind: 'all', source: provider, reason: code })
      .onConflict((oc) => oc.columns(['recipient_hash', 'channel', 'kind']).doNothing())
      .execute()
  }
}
