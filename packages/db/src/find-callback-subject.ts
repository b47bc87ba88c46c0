import type { InboundText } from '@sms-gateway/domain/inbound'
import type { PermissionKind } from '@sms-gateway/domain/suppression'
import type { Db } from './connect.ts'
import { openInbound } from './inbound.ts'
import { readSubject } from './subject.ts'
import type { Vault } from './vault.ts'

/** A text that came, as its conversation's owner is told of it. */
export interface InboundSubject extends InboundText {
  id: string
  customerId: string | null
  /** The message it follows. */
  messageId: string | null
  receivedAt: Date
}

/** `undefined` where it is another client's, or its sender was erased. */
export async function findInboundSubject(
  db: Db,
  vault: Vault,
  id: string,
  clientId: string,
): Promise<InboundSubject | undefined> {
  const row = await db
    .selectFrom('inbound')
    .leftJoin('subject_key', 'subject_key.recipient_hash', 'inbound.sender_hash')
    .selectAll('inbound')
    .select('subject_key.key_cipher')
    .where('inbound.id', '=', id)
    .where('inbound.client_id', '=', clientId)
    .executeTakeFirst()
  const inbound = row && openInbound(vault, row)
  return (
    inbound && {
      ...inbound,
      id,
      customerId: row.customer_id,
      messageId: row.message_id,
      receivedAt: row.received_at,
    }
  )
}

/** An opt-out that was recorded or lifted. */
export interface PermissionSubject {
  phone: string
  channel: string
  kind: PermissionKind
  source: string
  reason: string | null
  /** When the person said so. */
  at: Date
}

/** `undefined` where the person was erased. */
export async function findPermissionSubject(
  db: Db,
  vault: Vault,
  id: string,
): Promise<PermissionSubject | undefined> {
  const row = await db
    .selectFrom('permission_event as e')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'e.recipient_hash')
    .selectAll('e')
    .select('k.key_cipher')
    .where('e.id', '=', id)
    .executeTakeFirst()
  if (!row?.recipient_cipher) return undefined
  const reader = readSubject(vault, row.recipient_hash, row.key_cipher)
  const phone = reader.open(row.recipient_cipher, id)
  if (phone === undefined) return undefined
  const { channel, kind, source, reason, at } = row
  return { phone, channel, kind, source, reason, at }
}
