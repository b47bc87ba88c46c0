import { Phone } from '@sms-gateway/domain/phone'
import type { PermissionKind } from '@sms-gateway/domain/suppression'
import type { Db } from './connect.ts'
import type { OptOutKey } from './opt-outs.ts'
import { openFor } from './subject.ts'
import type { Vault } from './vault.ts'

export interface OptOut extends Omit<OptOutKey, 'phone'> {
  /** Null of a person who was erased. */
  phone: Phone | null
  source: string
  reason: string | null
  createdAt: Date
  position: number
}

export async function findOptOut(
  db: Db,
  vault: Vault,
  { phone, channel, kind }: OptOutKey,
): Promise<OptOut | undefined> {
  const [found] = await listOptOuts(db, vault, { phone, channel, kind, limit: 1 })
  return found
}

export interface OptOutQuery {
  phone?: Phone | undefined
  channel?: string | undefined
  kind?: PermissionKind | undefined
  source?: string | undefined
  /** The position of the last one of the page before. */
  before?: number | undefined
  limit: number
}

/** Newest first. */
export async function listOptOuts(
  db: Db,
  vault: Vault,
  { phone, channel, kind, source, before, limit }: OptOutQuery,
): Promise<OptOut[]> {
  let query = db
    .selectFrom('opt_out')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'opt_out.recipient_hash')
    .selectAll('opt_out')
    .select('k.key_cipher')
    .orderBy('position', 'desc')
    .limit(limit)
  if (phone !== undefined) query = query.where('opt_out.recipient_hash', '=', vault.hash(phone))
  if (channel !== undefined) query = query.where('channel', '=', channel)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (source !== undefined) query = query.where('source', '=', source)
  if (before !== undefined) query = query.where('position', '<', before)
  const rows = await query.execute()
  return rows.map((row) => ({
    phone: Phone.nullable().parse(
      openFor(vault, row, row.recipient_cipher, row.recipient_hash.toString('hex')),
    ),
    channel: row.channel,
    kind: row.kind,
    source: row.source,
    reason: row.reason,
    createdAt: row.created_at,
    position: row.position,
  }))
}
