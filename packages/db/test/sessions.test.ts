import { randomBytes } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ensureApiKey, findApiClient, hashApiKey } from '@sms-gateway/db/api-keys'
import { findSession, insertSession, pruneSessions, touchSessions } from '@sms-gateway/db/sessions'
import { onEachPostgres } from './on-each-postgres.ts'

const KEY = 'sk_of_a_person_0123'

onEachPostgres((postgres) => {
  const open = async () => {
    const { db } = postgres
    await ensureApiKey(db, { key: KEY, clientName: 'people', scopes: ['read'] })
    const holder = await findApiClient(db, hashApiKey(KEY))
    const tokenHash = randomBytes(32)
    const { expiresAt } = await insertSession(db, { tokenHash, keyId: holder?.keyId ?? '' })
    return { tokenHash, expiresAt, holder }
  }
  const change = async (tokenHash: Buffer, column: string, minutes: number) => {
    await sql`
      update session set ${sql.ref(column)} = now() + make_interval(mins => ${minutes})
      where token_hash = ${tokenHash}`.execute(postgres.db)
  }

  test('a session is its key, for twelve hours', async () => {
    const { tokenHash, expiresAt, holder } = await open()
    expect(await findSession(postgres.db, tokenHash)).toEqual({ ...holder, expiresAt })
    expect((expiresAt.getTime() - Date.now()) / 3_600_000).toBeCloseTo(12, 1)
  })

  test.each([
    ['expires_at', 0, 0],
    ['expires_at', 1, 1],
    ['last_seen_at', -59, 1],
    ['last_seen_at', -60, 0],
  ])('where %s is %d minutes away it is in force and kept: %d', async (column, minutes, count) => {
    const { db } = postgres
    const [own, other] = [await open(), await open()]
    await change(own.tokenHash, column, minutes)
    // Using what is over does not make it good again.
    if (minutes === -60) await touchSessions(db, [own.tokenHash])
    expect((await findSession(db, own.tokenHash)) ? 1 : 0).toBe(count)
    await pruneSessions(db)
    const kept = db.selectFrom('session').select('token_hash')
    expect(await kept.where('token_hash', '=', own.tokenHash).execute()).toHaveLength(count)
    expect(await findSession(db, other.tokenHash)).toBeDefined()
  })

  test('is over where its key is gone', async () => {
    const { tokenHash } = await open()
    await postgres.db.deleteFrom('api_key').execute()
    expect(await findSession(postgres.db, tokenHash)).toBeUndefined()
  })
})
