import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ADVISORY_LOCKS, withAdvisoryLock } from '@sms-gateway/db/advisory-lock'
import { ensureApiKey, findApiClient, hasApiKeys, hashApiKey } from '@sms-gateway/db/api-keys'
import { connectDatabase } from '@sms-gateway/db/connect'
import { pingDatabase } from '@sms-gateway/db/readiness'
import { onEachPostgres } from './on-each-postgres.ts'
import { until } from './support.ts'

const KEY = { key: 'sk_0123456789abcdef', clientName: 'orders', scopes: ['send', 'read'] }

onEachPostgres((postgres) => {
  describe('API keys', () => {
    test('from eight processes at once make one key of one client', async () => {
      const { db } = postgres
      expect(await hasApiKeys(db)).toBe(false)
      await Promise.all(Array.from({ length: 8 }, () => ensureApiKey(db, KEY)))
      expect(await hasApiKeys(db)).toBe(true)
      const keys = await db.selectFrom('api_key').selectAll().execute()
      expect(keys).toMatchObject([{ name: 'orders', prefix: 'sk_01234', scopes: ['send', 'read'] }])
      expect(JSON.stringify(keys)).not.toContain(KEY.key)
      // Besides the one that answers for the gateway itself (migration 0007).
      const clients = db.selectFrom('api_client').select('name').where('name', '<>', 'gateway')
      expect(await clients.execute()).toEqual([{ name: 'orders' }])
    })

    test('a second key belongs to the same client', async () => {
      const { db } = postgres
      await ensureApiKey(db, { ...KEY, key: 'sk_another_key_000', scopes: ['admin'] })
      const [first, second] = await Promise.all([find(KEY.key), find('sk_another_key_000')])
      expect(second?.clientId).toBe(first?.clientId)
      expect(second?.keyId).not.toBe(first?.keyId)
      expect([first?.scopes, second?.scopes]).toEqual([['send', 'read'], ['admin']])
    })

    test('a wrong, revoked or expired one is nobody', async () => {
      const { db } = postgres
      expect(await find('sk_wrong')).toBeUndefined()
      const row = db.updateTable('api_key').where('key_hash', '=', hashApiKey(KEY.key))
      await row.set({ expires_at: new Date(Date.now() + 60_000) }).execute()
      expect(await find(KEY.key)).toBeDefined()
      await row.set({ expires_at: new Date(Date.now() - 60_000) }).execute()
      expect(await find(KEY.key)).toBeUndefined()
      await row.set({ expires_at: null, revoked_at: new Date() }).execute()
      expect(await find(KEY.key)).toBeUndefined()
      await ensureApiKey(db, KEY)
      expect(await find(KEY.key)).toBeUndefined()
    })

    const find = (key: string) => findApiClient(postgres.db, hashApiKey(key))
  })

  describe('an advisory lock', () => {
    const LOCK = ADVISORY_LOCKS.sweeper

    test('lets one of eight run, and the others go on at once', async () => {
      const { db } = postgres
      const results: unknown[] = []
      const othersAreThrough = () => results.length === 7
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          results.push(
            await withAdvisoryLock(db, LOCK, async () => {
              await until(othersAreThrough)
              return 'done'
            }),
          )
        }),
      )
      expect(results).toEqual([...Array.from({ length: 7 }, () => undefined), 'done'])
    })

    test('is free again after a run that failed, and other locks are free meanwhile', async () => {
      const { db } = postgres
      const failing = withAdvisoryLock(db, LOCK, () => Promise.reject(new Error('broken')))
      await expect(failing).rejects.toThrow('broken')
      const nested = () =>
        withAdvisoryLock(db, ADVISORY_LOCKS.partitions, () => Promise.resolve('inner'))
      expect(await withAdvisoryLock(db, LOCK, nested)).toBe('inner')
    })

    test('goes with the connection of a process that died', async () => {
      const { db, url } = postgres
      const other = connectDatabase({ url, poolSize: 1, name: 'doomed' })
      try {
        const held = withAdvisoryLock(other, LOCK, async () => {
          await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doomed'`.execute(
            db,
          )
        })
        await expect(held).rejects.toThrow()
        const take = () => withAdvisoryLock(db, LOCK, () => Promise.resolve(true))
        await until(async () => (await take()) === true)
      } finally {
        await other.destroy()
      }
    })
  })

  test('a database that answers is ready', async () => {
    await expect(pingDatabase(postgres.db)).resolves.toBeUndefined()
  })
})
