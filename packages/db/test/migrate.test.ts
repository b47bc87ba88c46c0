import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Db } from '@sms-gateway/db/connect'
import { connectDatabase } from '@sms-gateway/db/connect'
import { listPendingMigrations, migrateToLatest } from '@sms-gateway/db/migrate'
import type { TestDatabase } from '@sms-gateway/db/test-support/test-database'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import { onEachPostgres } from './on-each-postgres.ts'
import { NOW } from './support.ts'

onEachPostgres(({ server }) => {
  let testDb: TestDatabase | undefined
  const extra: Db[] = []
  afterEach(async () => {
    await Promise.all(extra.splice(0).map((db) => db.destroy()))
    await testDb?.drop()
    testDb = undefined
  })

  async function createEmpty(): Promise<TestDatabase> {
    testDb = await createTestDatabase({ server, migrated: false })
    return testDb
  }

  describe('migrateToLatest', () => {
    test('makes an empty database whole, and a second run changes nothing', async () => {
      const { db } = await createEmpty()
      const names = await listPendingMigrations(db)
      expect(names.length).toBeGreaterThanOrEqual(3)

      await migrateToLatest(db, NOW)
      expect(await listPendingMigrations(db)).toEqual([])
      const first = await describeSchema(db)
      expect(first.tables).toEqual(expect.arrayContaining(['message', 'attempt', 'receipt']))

      await migrateToLatest(db, NOW)
      expect(await describeSchema(db)).toEqual(first)
    })

    test('runs from four processes at once', async () => {
      const { db, url } = await createEmpty()
      for (let n = 0; n < 4; n++) extra.push(connectDatabase({ url, poolSize: 2 }))
      await Promise.all(extra.map((one) => migrateToLatest(one, NOW)))

      expect(await listPendingMigrations(db)).toEqual([])
      const run = await sql<{
        name: string
      }>`select name from kysely_migration order by name`.execute(db)
      expect(new Set(run.rows.map(({ name }) => name)).size).toBe(run.rows.length)
    })

    test('names the failure when a migration cannot run, and leaves nothing half-made', async () => {
      const { db } = await createEmpty()
      await sql`create table receipt (id int)`.execute(db)
      await expect(migrateToLatest(db, NOW)).rejects.toThrow('the database could not be migrated')
      expect((await describeSchema(db)).tables).not.toContain('provider_reference')
    })
  })
})

async function describeSchema(db: Db) {
  const { rows } = await sql<{ line: string }>`
    select format('%s %s %s', table_name, column_name, data_type) as line from information_schema.columns
    where table_schema = 'public' order by 1`.execute(db)
  const indexes = await sql<{ indexdef: string }>`
    select indexdef from pg_indexes where schemaname = 'public' order by 1`.execute(db)
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by 1`.execute(
    db,
  )
  return {
    columns: rows.map(({ line }) => line),
    indexes: indexes.rows.map(({ indexdef }) => indexdef),
    tables: tables.rows.map(({ name }) => name),
  }
}
