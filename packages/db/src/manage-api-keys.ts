import type { Selectable } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { hashApiKey, prefixOf } from './api-keys.ts'
import type { Db, DbTransaction } from './connect.ts'
import type { ApiKeyTable } from './schema/access.ts'

/** A key as its owner sees it: never the key itself. */
export interface ApiKeyView {
  id: string
  client: { id: string; name: string }
  name: string
  prefix: string
  scopes: readonly string[]
  allowedAddresses: readonly string[]
  ratePerMinute: number | null
  rotatedFrom: string | null
  createdAt: Date
  expiresAt: Date | null
  revokedAt: Date | null
  lastUsedAt: Date | null
}

export interface NewApiKey {
  key: string
  /** Made where there is none of this name. */
  clientName: string
  name: string
  scopes: readonly string[]
  allowedAddresses: readonly string[]
  ratePerMinute: number | null
  expiresAt: Date | null
}

/** Newest first. `before` is the last id of the page before. */
export async function listApiKeys(
  db: Db,
  {
    clientId,
    before,
    limit,
  }: { clientId?: string | undefined; before: string | undefined; limit: number },
): Promise<ApiKeyView[]> {
  let query = selectKeys(db).orderBy('api_key.id', 'desc').limit(limit)
  if (before !== undefined) query = query.where('api_key.id', '<', before)
  if (clientId !== undefined) query = query.where('api_key.client_id', '=', clientId)
  return (await query.execute()).map(toView)
}

export async function findApiKey(db: Db, id: string): Promise<ApiKeyView | undefined> {
  const row = await selectKeys(db).where('api_key.id', '=', id).executeTakeFirst()
  return row && toView(row)
}

export async function insertApiKey(db: Db, key: NewApiKey): Promise<ApiKeyView> {
  return db.transaction().execute(async (trx) => {
    await trx
      .insertInto('api_client')
      .values({ id: uuidv7(), name: key.clientName })
      .onConflict((oc) => oc.column('name').doNothing())
      .execute()
    const client = await trx
      .selectFrom('api_client')
      .select('id')
      .where('name', '=', key.clientName)
      .executeTakeFirstOrThrow()
    return storeApiKey(trx, key, { clientId: client.id, rotatedFrom: null })
  })
}

/** False where there is no such key. Done before, nothing changes. */
export async function revokeApiKey(db: Db, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('api_key')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(now)) }))
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Once a minute at most, over all processes. */
export async function touchApiKey(db: Db, id: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - 60_000)
  await db
    .updateTable('api_key')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', before)]))
    .execute()
}

export async function storeApiKey(
  trx: DbTransaction,
  { key, name, scopes, allowedAddresses, ratePerMinute, expiresAt }: Omit<NewApiKey, 'clientName'>,
  { clientId, rotatedFrom }: { clientId: string; rotatedFrom: string | null },
): Promise<ApiKeyView> {
  const id = uuidv7()
  await trx
    .insertInto('api_key')
    .values({
      id,
      client_id: clientId,
      name,
      prefix: prefixOf(key),
      key_hash: hashApiKey(key),
      scopes: [...scopes],
      allowed_addresses: [...allowedAddresses],
      rate_per_minute: ratePerMinute,
      rotated_from: rotatedFrom,
      expires_at: expiresAt,
    })
    .execute()
  return toView(await selectKeys(trx).where('api_key.id', '=', id).executeTakeFirstOrThrow())
}

function selectKeys(db: Db) {
  return db
    .selectFrom('api_key')
    .innerJoin('api_client', 'api_client.id', 'api_key.client_id')
    .selectAll('api_key')
    .select('api_client.name as client_name')
}

function toView(row: Selectable<ApiKeyTable> & { client_name: string }): ApiKeyView {
  return {
    id: row.id,
    client: { id: row.client_id, name: row.client_name },
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    allowedAddresses: row.allowed_addresses,
    ratePerMinute: row.rate_per_minute,
    rotatedFrom: row.rotated_from,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }
}
