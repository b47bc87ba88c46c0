import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { CallbackEventType } from '@sms-gateway/domain/callback-event'
import type { Db } from './connect.ts'
import type { CallbackTable } from './schema/callbacks.ts'
import type { Vault } from './vault.ts'

export interface Callback {
  id: string
  clientId: string
  url: string
  eventTypes: readonly CallbackEventType[]
  state: 'active' | 'disabled'
  disabledReason: string | null
  disabledAt: Date | null
  failingSince: Date | null
  pausedUntil: Date | null
  /** Both signatures are sent before. */
  oldSecretUntil: Date | null
  createdAt: Date
  updatedAt: Date
}

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

/** In the order in which they were made. `clientId` restricts it to that client's own. */
export async function listCallbacks(
  db: Db,
  vault: Vault,
  {
    clientId,
    after,
    limit,
  }: { clientId?: string | undefined; after: string | undefined; limit: number },
): Promise<Callback[]> {
  const rows = await own(db, clientId)
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => toCallback(vault, row))
}

export async function findCallback(
  db: Db,
  vault: Vault,
  id: string,
  clientId?: string,
): Promise<Callback | undefined> {
  const row = await own(db, clientId).where('id', '=', id).executeTakeFirst()
  return row && toCallback(vault, row)
}

function own(db: Db, clientId?: string) {
  return db
    .selectFrom('callback')
    .selectAll()
    .where('state', '<>', 'deleted')
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
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

function toCallback(vault: Vault, row: Selectable<CallbackTable>): Callback {
  return {
    id: row.id,
    clientId: row.client_id,
    url: vault.open(row.url_cipher, row.id),
    eventTypes: row.event_types,
    state: row.state === 'active' ? 'active' : 'disabled',
    disabledReason: row.disabled_reason,
    disabledAt: row.disabled_at,
    failingSince: row.failing_since,
    pausedUntil: row.paused_until,
    oldSecretUntil: row.old_secret_until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
