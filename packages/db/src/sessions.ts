import { sql } from 'kysely'
import { type ApiKeyHolder, selectHolders, toHolder } from './api-keys.ts'
import type { Db } from './connect.ts'

const SESSION_LIFE_SECONDS = 12 * 3_600
/** A session that nobody uses ends. */
export const SESSION_IDLE_SECONDS = 3_600
const TOUCH_SECONDS = 60

/** Whose session it is, with what their key may do now. */
export interface SessionHolder extends ApiKeyHolder {
  expiresAt: Date
}

/** By the database's clock, as all that asks for it. */
export async function insertSession(
  db: Db,
  { tokenHash, keyId }: { tokenHash: Buffer; keyId: string },
): Promise<{ expiresAt: Date }> {
  const { expires_at: expiresAt } = await db
    .insertInto('session')
    .values({
      token_hash: tokenHash,
      key_id: keyId,
      created_at: sql<Date>`now()`,
      last_seen_at: sql<Date>`now()`,
      expires_at: sql<Date>`now() + make_interval(secs => ${SESSION_LIFE_SECONDS})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return { expiresAt }
}

/** `undefined` for a token that is wrong, a session that is over, or a key that is revoked or past its time. */
export async function findSession(db: Db, tokenHash: Buffer): Promise<SessionHolder | undefined> {
  const row = await selectHolders(db)
    .innerJoin('session', 'session.key_id', 'api_key.id')
    .select('session.expires_at as session_expires_at')
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_at', '>', sql<Date>`now()`)
    .where('session.last_seen_at', '>', idleSince())
    .executeTakeFirst()
  return row && { ...toHolder(row), expiresAt: row.session_expires_at }
}

/** Once a minute at most, over all processes. */
export async function touchSession(db: Db, tokenHash: Buffer): Promise<void> {
  await db
    .updateTable('session')
    .set({ last_seen_at: sql<Date>`now()` })
    .where('token_hash', '=', tokenHash)
    .where('last_seen_at', '<=', sql<Date>`now() - make_interval(secs => ${TOUCH_SECONDS})`)
    .where('last_seen_at', '>', idleSince())
    .execute()
}

/** Done before, nothing changes. */
export async function deleteSession(db: Db, tokenHash: Buffer): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
}

export async function pruneSessions(db: Db): Promise<void> {
  await db
    .deleteFrom('session')
    .where((eb) =>
      eb.or([eb('expires_at', '<=', sql<Date>`now()`), eb('last_seen_at', '<=', idleSince())]),
    )
    .execute()
}

function idleSince() {
  return sql<Date>`now() - make_interval(secs => ${SESSION_IDLE_SECONDS})`
}
