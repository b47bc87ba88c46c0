import { randomUUID } from 'node:crypto'
import { insertCallback } from '@sms-gateway/db/change-callbacks'
import type { DueCallback } from '@sms-gateway/db/claim-callback-events'
import { claimCallbackEvents } from '@sms-gateway/db/claim-callback-events'
import type { Db } from '@sms-gateway/db/connect'
import type { CallbackSettlement } from '@sms-gateway/db/settle-callback-events'
import { settleCallbackEvents } from '@sms-gateway/db/settle-callback-events'
import { CALLBACK_EVENT_TYPES, type CallbackEventType } from '@sms-gateway/domain/callback-event'
import { createMessageId } from '@sms-gateway/domain/ids'
import { NOW, vault } from './support.ts'

export const URL = 'https://producer.example.tw/sms-events'

/** A client of its own, unless one is given. */
export async function addClient(db: Db, id: string = randomUUID()): Promise<string> {
  await db.insertInto('api_client').values({ id, name: id }).execute()
  return id
}

export async function addCallback(
  db: Db,
  clientId: string,
  {
    eventTypes = CALLBACK_EVENT_TYPES,
    secret = `whsec_${randomUUID()}`,
  }: { eventTypes?: readonly CallbackEventType[]; secret?: string } = {},
): Promise<string> {
  const id = createMessageId(new Date())
  await insertCallback(
    db,
    vault,
    { id, clientId, url: URL, eventTypes, secret, createdAt: NOW },
    99,
  )
  return id
}

export async function readEvents(db: Db, callbackId: string) {
  return db
    .selectFrom('callback_event')
    .selectAll()
    .where('callback_id', '=', callbackId)
    .orderBy('occurred_at')
    .orderBy('type')
    .execute()
}

/** The lease outlives whatever the machine may do to a test. */
const CLAIM = { leaseMs: 600_000, limit: 100, perCallback: 10 }

/** What was recorded is due from the database's own moment on, which is after `NOW`. */
export function claimEvents(
  db: Db,
  {
    now = new Date(Date.now() + 60_000),
    ...changes
  }: Partial<Parameters<typeof claimCallbackEvents>[2]> = {},
): Promise<DueCallback[]> {
  return claimCallbackEvents(db, vault, { ...CLAIM, now, ...changes })
}

export async function settleAs(
  db: Db,
  due: DueCallback,
  changes: Partial<CallbackSettlement> = {},
): Promise<void> {
  const now = new Date()
  const attempt = { at: now, latencyMs: 12, status: 200 }
  const usual = { due, state: 'delivered', dueAt: null, error: null, attempt, now } as const
  await settleCallbackEvents(db, [{ ...usual, ...changes }])
}
