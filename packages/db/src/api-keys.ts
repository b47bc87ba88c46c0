import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from './connect.ts'

export interface ApiKeyHolder {
  clientId: string
  clientName: string
  keyId: string
  name: string
  /** A person who signs in by OIDC, and has no key that they could show. */
  isPerson: boolean
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
  const row = await selectHolders(db).where('key_hash', '=', keyHash).executeTakeFirst()
  return row && toHolder(row)
}

/** Of keys that are in force. */
export function selectHolders(db: Db) {
  return db
    .selectFrom('api_key')
    .innerJoin('api_client', 'api_client.id', 'api_key.client_id')
    .select([
      ...(['api_key.id', 'client_id', 'api_key.name', 'scopes'] as const),
      ...(['allowed_addresses', 'rate_per_minute', 'oidc_subject'] as const),
      'api_client.name as client_name',
    ])
    .where('revoked_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('api_key.expires_at', 'is', null),
        eb('api_key.expires_at', '>', sql<Date>`now()`),
      ]),
    )
}

export function toHolder(row: HolderRow): ApiKeyHolder {
  return {
    clientId: row.client_id,
    clientName: row.client_name,
    keyId: row.id,
    name: row.name,
    isPerson: row.oidc_subject !== null,
    scopes: row.scopes,
    allowedAddresses: row.allowed_addresses,
    ratePerMinute: row.rate_per_minute,
  }
}

type HolderRow = Awaited<ReturnType<ReturnType<typeof selectHolders>['executeTakeFirstOrThrow']>>

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
