import { Phone } from '@sms-gateway/domain/phone'
import type { PermissionKind } from '@sms-gateway/domain/suppression'
import type { Db } from './connect.ts'
import type { PermissionChange } from './schema/suppression.ts'
import { openFor } from './subject.ts'
import type { Vault } from './vault.ts'

/** What stands now. */
export interface Consent {
  /** Null of a person who was erased. */
  phone: Phone | null
  channel: string
  kind: PermissionKind
  granted: boolean
  source: string
  wordingVersion: string
  proof: string | null
  at: Date
  position: number
}

export interface ConsentQuery {
  phone?: Phone | undefined
  channel?: string | undefined
  /** The position of the last one of the page before. */
  before?: number | undefined
  limit: number
}

/** In the order in which people first said something, newest first. */
export async function listConsents(
  db: Db,
  vault: Vault,
  { phone, channel, before, limit }: ConsentQuery,
): Promise<Consent[]> {
  let query = db
    .selectFrom('consent')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'consent.recipient_hash')
    .selectAll('consent')
    .select('k.key_cipher')
    .orderBy('position', 'desc')
    .limit(limit)
  if (phone !== undefined) query = query.where('consent.recipient_hash', '=', vault.hash(phone))
  if (channel !== undefined) query = query.where('channel', '=', channel)
  if (before !== undefined) query = query.where('position', '<', before)
  const rows = await query.execute()
  return rows.map((row) => {
    const context = row.recipient_hash.toString('hex')
    return {
      phone: Phone.nullable().parse(openFor(vault, row, row.recipient_cipher, context)),
      channel: row.channel,
      kind: row.kind,
      granted: row.granted,
      source: row.source,
      wordingVersion: row.wording_version,
      proof: openFor(vault, row, row.proof_cipher, context),
      at: row.at,
      position: row.position,
    }
  })
}

/** One line of a person's history. */
export interface PermissionEvent {
  id: string
  change: PermissionChange
  channel: string
  kind: PermissionKind
  source: string
  reason: string | null
  wordingVersion: string | null
  proof: string | null
  actor: string | null
  at: Date
  recordedAt: Date
}

/** Opt-outs and consents, newest first. `before` is the id of the last one of the page before. */
export async function listPermissionEvents(
  db: Db,
  vault: Vault,
  { phone, before, limit }: { phone: Phone; before?: string | undefined; limit: number },
): Promise<PermissionEvent[]> {
  let query = db
    .selectFrom('permission_event')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'permission_event.recipient_hash')
    .selectAll('permission_event')
    .select('k.key_cipher')
    .where('permission_event.recipient_hash', '=', vault.hash(phone))
    .orderBy('id', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('id', '<', before)
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    change: row.change,
    channel: row.channel,
    kind: row.kind,
    source: row.source,
    reason: row.reason,
    wordingVersion: row.wording_version,
    proof: openFor(vault, row, row.proof_cipher, row.id),
    actor: row.actor,
    at: row.at,
    recordedAt: row.recorded_at,
  }))
}
