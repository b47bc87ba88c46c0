import { createHash, randomBytes } from 'node:crypto'
import type { Stores } from './stores.ts'

/** A key of a client of its own, or of `client`, as its row says it: there is no call for it that a test could use. */
export async function addApiKey(
  stores: Stores,
  {
    client = randomBytes(6).toString('hex'),
    scopes,
    revoked = false,
  }: { client?: string; scopes: readonly string[]; revoked?: boolean },
): Promise<string> {
  const key = `sk_${randomBytes(18).toString('hex')}`
  await stores.query(
    `insert into api_client (id, name) values (gen_random_uuid(), $1) on conflict (name) do nothing`,
    [client],
  )
  await stores.query(
    `insert into api_key (id, client_id, name, prefix, key_hash, scopes, revoked_at)
     select gen_random_uuid(), id, name, $2, $3, $4, $5 from api_client where name = $1`,
    [
      client,
      key.slice(0, 8),
      createHash('sha256').update(key).digest(),
      scopes,
      revoked ? new Date() : null,
    ],
  )
  return key
}
