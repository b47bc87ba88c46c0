import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from './connect.ts'

export interface ApiKeyHolder {
  clientId: string
  keyId: string
  scopes: readonly string[]
  /** Addresses and networks it may be used from; none: from everywhere. */
  allowedAddresses: readonly string[]
  ratePerMinute: number | null
}

const PREFIX_LENGTH = 8

/** The part by which people tell keys apart. */
export function prefixOf(key: string): string {
  return key.slice(0, PREFIX_LENGTH)
}

/** Of 192 random bits: it is shown to its owner once, and only its hash is kept. */
export function createApiKey(): string {
  return `sk_${randomBytes(24).toString('base64url')}`
}

/** Keys are long and random, so a fast hash is enough: there is nothing to guess. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** `undefined` for a key that is wrong, revoked or past its time. */
export async function findApiClient(db: Db, keyHash: Buffer): Promise<ApiKeyHolder | undefined> {
  const row = await db
    .selectFrom('api_key')
    .select(['id', 'client_id', 'scopes', 'allowed_addresses', 'rate_per_minute'])
    .where('key_hash', '=', keyHash)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<Date>`now()`)]))
    .executeTakeFirst()
  return (
    row && {
      clientId: row.client_id,
      keyId: row.id,
      scopes: row.scopes,
      allowedAddresses: row.allowed_addresses,
      ratePerMinute: row.rate_per_minute,
    }
  )
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
        prefix: prefixOf(key),
        key_hash: hashApiKey(key),
        scopes: [...scopes],
      })
      .onConflict((oc) => oc.column('key_hash').doNothing())
      .execute()
  })
}
