import { sql } from 'kysely'
import type { CallbackEventType } from '@sms-gateway/domain/callback-event'
import type { Db } from './connect.ts'
import type { Vault } from './vault.ts'

export interface NewCallback {
  id: string
  clientId: string
  url: string
  eventTypes: readonly CallbackEventType[]
  secret: string
  createdAt: Date
}

/** False where the client has as many as it may have. */
export async function insertCallback(
  db: Db,
  vault: Vault,
  { id, clientId, url, eventTypes, secret, createdAt }: NewCallback,
  maxCallbacks: number,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    // One at a time for a client, or two at once would both find room.
    await trx
      .selectFrom('api_client')
      .select('id')
      .where('id', '=', clientId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const { count } = await trx
      .selectFrom('callback')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('client_id', '=', clientId)
      .where('state', '<>', 'deleted')
      .executeTakeFirstOrThrow()
    if (count >= maxCallbacks) return false
    await trx
      .insertInto('callback')
      .values({
        id,
        client_id: clientId,
        url_cipher: vault.seal(url, id),
        event_types: [...eventTypes],
        secret_cipher: vault.seal(secret, id),
        created_at: createdAt,
        updated_at: createdAt,
      })
      .execute()
    return true
  })
}

/** Its address and secrets are gone at once, its events soon: see `pruneCallbackEvents`. */
export async function deleteCallback(db: Db, id: string, now: Date): Promise<boolean> {
  const nothing = Buffer.alloc(0)
  const { numUpdatedRows } = await db
    .updateTable('callback')
    .set({
      state: 'deleted',
      url_cipher: nothing,
      secret_cipher: nothing,
      old_secret_cipher: null,
      old_secret_until: null,
      updated_at: now,
    })
    .where('id', '=', id)
    .where('state', '<>', 'deleted')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** What was signed with until now goes on being signed with, beside the new one, until `oldUntil`. */
export async function rotateCallbackSecret(
  db: Db,
  vault: Vault,
  { id, secret, oldUntil, now }: { id: string; secret: string; oldUntil: Date; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('callback')
    .set({
      old_secret_cipher: sql<Buffer>`secret_cipher`,
      old_secret_until: oldUntil,
      secret_cipher: vault.seal(secret, id),
      updated_at: now,
    })
    .where('id', '=', id)
    .where('state', '<>', 'deleted')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Whatever it was: from now on events are recorded and handed over, and no failure counts. */
export async function enableCallback(db: Db, id: string, now: Date): Promise<void> {
  await db
    .updateTable('callback')
    .set({
      state: 'active',
      disabled_reason: null,
      disabled_at: null,
      failures: 0,
      failing_since: null,
      paused_until: null,
      updated_at: now,
    })
    .where('id', '=', id)
    .where('state', '<>', 'deleted')
    .execute()
}

/** The first reason stays. */
export async function disableCallback(
  db: Db,
  id: string,
  reason: string,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('callback')
    .set({ state: 'disabled', disabled_reason: reason, disabled_at: now, updated_at: now })
    .where('id', '=', id)
    .where('state', '=', 'active')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
