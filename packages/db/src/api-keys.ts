import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from './connect.ts'

export interface ApiClient {
  clientId: string
  keyId: string
  scopes: readonly string[]
}

const PREFIX_LENGTH = 8

/** Keys are long and random, so a fast hash is enough: there is nothing to guess. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** `undefined` for a key that is wrong, revoked or past its time. */
export async function findApiClient(db: Db, keyHash: Buffer): Promise<ApiClient | undefined> {
  const row = await db
    .selectFrom('api_key')
    .select(['id', 'client_id', 'scopes'])
    .where('key_hash', '=', keyHash)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<Date>`now()`)]))
    .executeTakeFirst()
  return row && { clientId: row.client_id, keyId: row.id, scopes: row.scopes }
}

export async function hasApiKeys(db: Db): Promise<boolean> {
  return (await db.selectFrom('api_key').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Makes the key valid with these scopes; done before, nothing changes. */
export async function ensureApiKey(
  db: Db,
  { key, clientName, scopes }: { key: string; clientName: string; scopes: readonly string[] },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('api_client')
      .values({ id: uuidv7(), name: clientName })
      .onConflict((oc) => oc.column('name').doNothing())
      .execute()
    const { id } = await trx
      .selectFrom('api_client')
      .select('id')
      .where('name', '=', clientName)
      .executeTakeFirstOrThrow()
    await trx
      .insertInto('api_key')
      .values({
        id: uuidv7(),
        client_id: id,
        name: clientName,
        prefix: key.slice(0, PREFIX_LENGTH),
        key_hash: hashApiKey(key),
        scopes: [...scopes],
      })
      .onConflict((oc) => oc.column('key_hash').doNothing())
      .execute()
  })
}
