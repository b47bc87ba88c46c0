import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from './connect.ts'

export interface OidcPerson {
  issuer: string
  /** The issuer's own name for them, which it gives to nobody else. */
  subject: string
  name: string
  scopes: readonly string[]
}

/** Whose what they make is. */
const CLIENT = 'console'
const PREFIX = 'oidc'
const HASH_BYTES = 32

/**
 * The key that stands for a person, with the scopes they have now: a key that nobody knows, since its hash is of nothing.
 * `revoked` where somebody has taken it from them here.
 */
export async function signInPerson(
  db: Db,
  { issuer, subject, name, scopes }: OidcPerson,
): Promise<{ kind: 'ok'; keyId: string; clientId: string } | { kind: 'revoked' }> {
  await db
    .insertInto('api_client')
    .values({ id: uuidv7(), name: CLIENT })
    .onConflict((oc) => oc.column('name').doNothing())
    .execute()
  const client = await db
    .selectFrom('api_client')
    .select('id')
    .where('name', '=', CLIENT)
    .executeTakeFirstOrThrow()
  const row = await db
    .insertInto('api_key')
    .values({
      id: uuidv7(),
      client_id: client.id,
      name,
      prefix: PREFIX,
      key_hash: randomBytes(HASH_BYTES),
      scopes: [...scopes],
      oidc_issuer: issuer,
      oidc_subject: subject,
    })
    .onConflict((oc) => oc.constraint('api_key_person').doUpdateSet({ name, scopes: [...scopes] }))
    .returning(['id', 'client_id', 'revoked_at'])
    .executeTakeFirstOrThrow()
  if (row.revoked_at) return { kind: 'revoked' }
  return { kind: 'ok', keyId: row.id, clientId: row.client_id }
}

/** The issuer gives them no role any more: whatever sessions they have may do nothing. */
export async function withdrawPerson(
  db: Db,
  { issuer, subject }: Pick<OidcPerson, 'issuer' | 'subject'>,
): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ scopes: [] })
    .where('oidc_issuer', '=', issuer)
    .where('oidc_subject', '=', subject)
    .execute()
}
