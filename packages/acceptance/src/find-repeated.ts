import { toMessageResponse } from '@sms-gateway/contracts/message-response'
import type { Db } from '@sms-gateway/db/connect'
import { findMessage } from '@sms-gateway/db/find-message'
import { findIdempotentAnswer } from '@sms-gateway/db/idempotency'
import type { Vault } from '@sms-gateway/db/vault'
import { MessageId } from '@sms-gateway/domain/ids'
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
  if (!kept.fingerprint.equals(fingerprintOf(vault, body))) return { kind: 'key-reused' }
  const response = kept.response ?? (await describeErased({ db, vault }, kept.subject))
  return { kind: 'replayed', status: kept.status, response }
}

/** The answer named a person who was erased since: the message is answered as it is now. */
async function describeErased({ db, vault }: Repeatable, id: string): Promise<string> {
  const message = await findMessage(db, vault, MessageId.parse(id))
  if (!message) throw new Error('a kept answer names no message')
  return JSON.stringify(toMessageResponse(message))
}

/**
 * The same request with its fields in another order is the same request. Keyed: a number with a six-digit code is soon
 * guessed from a plain hash.
 */
export function fingerprintOf(vault: Vault, body: unknown): Buffer {
  return vault.mac('request fingerprint', canonicalJson(body))
}
