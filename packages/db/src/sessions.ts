import { sql } from 'kysely'
import { type ApiKeyHolder, selectHolders, toHolder } from './api-keys.ts'
import type { Db } from './connect.ts'

const SESSION_LIFE_SECONDS = 12 * 3_600
/** A session that nobody uses ends. */
export const SESSION_IDLE_SECONDS = 3_600
const TOUCH_SECONDS = 60
/** Of a key: whoever signs in again and again leaves no rows behind without end. */
const SESSIONS_OF_A_KEY = 20

/** Whose session it is, with what their key may do now. */
export interface SessionHolder extends ApiKeyHolder {
  expiresAt: Date
}

/** By the database's clock, as all that asks for it. Of more than {@link SESSIONS_OF_A_KEY} the oldest end. */
export async function insertSession(
  db: Db,
  { tokenHash, keyId }: { tokenHash: Buffer; keyId: string },
): Promise<{ expiresAt: Date }> {
  const { expires_at: expiresAt } = await db
    // The statement does not see the row that it adds.
    .with('ended', (query) =>
      query.deleteFrom('session').where(
        'token_hash',
        'in',
        query
          .selectFrom('session')
          .select('token_hash')
          .where('key_id', '=', keyId)
          .orderBy('created_at', 'desc')
          .offset(SESSIONS_OF_A_KEY - 1),
      ),
    )
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
  const row = await selectSessions(db, [tokenHash]).executeTakeFirst()
  return row && { ...toHolder(row), expiresAt: row.session_expires_at }
}

/** Those of many at once that are in force, by the hash of their key or token, in hex. */
export async function findHolders(
  db: Db,
  { keyHashes, tokenHashes }: { keyHashes: readonly Buffer[]; tokenHashes: readonly Buffer[] },
): Promise<{ keys: Map<string, ApiKeyHolder>; sessions: Map<string, SessionHolder> }> {
  const rows = await selectHolders(db)
    .select(['api_key.key_hash as hash', sql<Date | null>`null`.as('session_expires_at')])
    .where('key_hash', '=', sql<Buffer>`any(${keyHashes}::bytea[])`)
    .unionAll(selectSessions(db, tokenHashes))
    .execute()
  const keys = new Map<string, ApiKeyHolder>()
  const sessions = new Map<string, SessionHolder>()
  for (const { session_expires_at: expiresAt, ...row } of rows) {
    const hash = row.hash.toString('hex')
    if (expiresAt === null) keys.set(hash, toHolder(row))
    else sessions.set(hash, { ...toHolder(row), expiresAt })
  }
  return { keys, sessions }
}

function selectSessions(db: Db, tokenHashes: readonly Buffer[]) {
  return selectHolders(db)
    .innerJoin('session', 'session.key_id', 'api_key.id')
    .select(['session.token_hash as hash', 'session.expires_at as session_expires_at'])
    .where('session.token_hash', '=', sql<Buffer>`any(${tokenHashes}::bytea[])`)
    .where('session.expires_at', '>', sql<Date>`now()`)
    .where('session.last_seen_at', '>', idleSince())
}

/** Once a minute at most, over all processes. */
export async function touchSessions(db: Db, tokenHashes: readonly Buffer[]): Promise<void> {
  await db
    .updateTable('session')
    .set({ last_seen_at: sql<Date>`now()` })
    .where('token_hash', '=', sql<Buffer>`any(${tokenHashes}::bytea[])`)
    .where('last_seen_at', '<=', sql<Date>`now() - make_interval(secs => ${TOUCH_SECONDS})`)
    .where('last_seen_at', '>', idleSince())
    .execute()
}

/** Done before, nothing changes. */
export async function deleteSession(db: Db, tokenHash: Buffer): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
}

/** Everybody's who has signed in with it. */
export async function deleteSessionsOfKey(db: Db, keyId: string): Promise<void> {
  await db.deleteFrom('session').where('key_id', '=', keyId).execute()
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
