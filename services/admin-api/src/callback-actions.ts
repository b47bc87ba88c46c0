import type { z } from 'zod'
import type { AllowedHosts } from '@sms-gateway/callbacks/allowed-hosts'
import { checkCallbackUrl } from '@sms-gateway/callbacks/check-callback-url'
import { createCallbackSecret } from '@sms-gateway/callbacks/sign-callback'
import type {
  CreateCallbackRequest,
  ReplayCallbacksRequest,
  ReplayCallbacksResponse,
} from '@sms-gateway/contracts/callbacks'
import { hasCallbackEvent } from '@sms-gateway/db/callback-events'
import { insertCallback, rotateCallbackSecret } from '@sms-gateway/db/change-callbacks'
import type { Db } from '@sms-gateway/db/connect'
import { replayCallbackEvent, replayCallbackEvents } from '@sms-gateway/db/replay-callback-events'
import type { Vault } from '@sms-gateway/db/vault'
import { createMessageId } from '@sms-gateway/domain/ids'

export interface CallbackActionDeps {
  db: Db
  vault: Vault
  allowedHosts: AllowedHosts
  now: () => Date
}

const MAX_CALLBACKS = 10
const OVERLAP_MS = 24 * 60 * 60_000
/** A longer window is replayed in several calls. */
const MAX_REPLAYED = 5_000

export type CreateResult =
  | { kind: 'created'; id: string; secret: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'too-many'; limit: number }

export async function createCallback(
  { db, vault, allowedHosts, now }: CallbackActionDeps,
  clientId: string,
  { url, event_types: eventTypes }: z.output<typeof CreateCallbackRequest>,
): Promise<CreateResult> {
  const check = checkCallbackUrl(url, allowedHosts)
  if (check.kind === 'refused') return check
  const createdAt = now()
  const secret = createCallbackSecret()
  const id = createMessageId(createdAt)
  const wanted = [...new Set(eventTypes)]
  const callback = { id, clientId, url: check.url, eventTypes: wanted, secret, createdAt }
  const stored = await insertCallback(db, vault, callback, MAX_CALLBACKS)
  return stored ? { kind: 'created', id, secret } : { kind: 'too-many', limit: MAX_CALLBACKS }
}

/** The new secret; undefined where the callback is gone by now. */
export async function rotateSecret(
  { db, vault, now }: CallbackActionDeps,
  id: string,
): Promise<string | undefined> {
  const secret = createCallbackSecret()
  const at = now()
  const oldUntil = new Date(at.getTime() + OVERLAP_MS)
  const rotated = await rotateCallbackSecret(db, vault, { id, secret, oldUntil, now: at })
  return rotated ? secret : undefined
}

/** Undefined where there is no such event. */
export async function replay(
  { db, now }: CallbackActionDeps,
  callbackId: string,
  request: z.output<typeof ReplayCallbacksRequest>,
): Promise<ReplayCallbacksResponse | undefined> {
  if ('event_id' in request) {
    const { event_id: eventId } = request
    const replayed = await replayCallbackEvent(db, { callbackId, eventId, now: now() })
    if (replayed) return { replayed: 1, next_since: null }
    // One that is on its way needs no replay.
    const isThere = await hasCallbackEvent(db, callbackId, eventId)
    return isThere ? { replayed: 0, next_since: null } : undefined
  }
  const { since, until = now(), failed_only: failedOnly } = request
  const window = { callbackId, since, until, failedOnly, limit: MAX_REPLAYED, now: now() }
  const { count, next } = await replayCallbackEvents(db, window)
  return { replayed: count, next_since: next?.toISOString() ?? null }
}
