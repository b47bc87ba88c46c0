import { createHash } from 'node:crypto'
import type { Db } from '@sms-gateway/db/connect'
import { findIdempotentAnswer } from '@sms-gateway/db/idempotency'
import type { Vault } from '@sms-gateway/db/vault'
import { canonicalJson } from './canonical-json.ts'

export interface Repeatable {
  db: Db
  vault: Vault
}

export interface RepeatableCommand {
  clientId: string
  path: string
  /** As it came, for telling a repeat from another request under the same key. */
  body: unknown
  idempotencyKey: string | undefined
}

export type Repeated =
  { kind: 'replayed'; status: number; response: string } | { kind: 'key-reused' }

/**
 * The first answer to this key. A repeat gets it although the request would be refused by now: its template is
 * deleted, its time has passed.
 */
export async function findRepeated(
  { db, vault }: Repeatable,
  { clientId, path, body, idempotencyKey: key }: RepeatableCommand,
  now: Date,
): Promise<Repeated | undefined> {
  if (key === undefined) return undefined
  const kept = await findIdempotentAnswer(db, vault, { clientId, path, key }, now)
  if (!kept) return undefined
  if (!kept.fingerprint.equals(fingerprintOf(body))) return { kind: 'key-reused' }
  return { kind: 'replayed', status: kept.status, response: kept.response }
}

/** The same request with its fields in another order is the same request. */
export function fingerprintOf(body: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(body)).digest()
}
