import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { startTestRedis } from '@sms-gateway/db/test-support/servers'
import type { TestDatabase } from '@sms-gateway/db/test-support/test-database'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { migrateQueue } from '@sms-gateway/queue/migrate'
import type { BackendKind } from './backends.ts'
import type { CleanUp } from './clean-up.ts'
import { dumpRedis, dumpSchema } from './dump.ts'

/** A database of their own for the processes of one test, and a Redis of their own where the queue is on Redis. */
export interface Stores {
  backend: BackendKind
  databaseUrl: string
  redisUrl: string | undefined
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>
  /** Nobody reads or writes the table before `act` is through, as if its disk did not answer. */
  whileLocked(table: string, act: () => Promise<unknown>): Promise<void>
  /** Everything the queue keeps, as text. */
  dumpQueue(): Promise<string>
  /** Everything the gateway's own tables keep, as text. */
  dumpTables(): Promise<string>
}

export async function openStores(backend: BackendKind, cleanUp: CleanUp): Promise<Stores> {
  const database = await createTestDatabase()
  cleanUp(() => database.drop())
  const pool = openPool(database, cleanUp)
  if (backend === 'postgres') await migrateQueue(database.url)
  const redisUrl = backend === 'redis' ? await openRedis(cleanUp) : undefined
  return {
    backend,
    databaseUrl: database.url,
    redisUrl,
    async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) {
      return (await pool.query<Row>(sql, values)).rows
    },
    async whileLocked(table, act) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        await client.query(`lock table ${table} in access exclusive mode`)
        await act()
      } finally {
        await client.query('rollback')
        client.release()
      }
    },
    dumpQueue: () => (redisUrl === undefined ? dumpSchema(pool, 'bullmq') : dumpRedis(redisUrl)),
    dumpTables: () => dumpSchema(pool, 'public'),
  }
}

function openPool({ url }: TestDatabase, cleanUp: CleanUp): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  pool.on('error', () => undefined)
  cleanUp(() => pool.end())
  return pool
}

export async function openRedis(cleanUp: CleanUp): Promise<string> {
  const folder = makeTestFolder()
  const url = await startTestRedis(folder)
  if (url === undefined) throw new Error('these tests need the program redis-server')
  cleanUp(() => {
    process.kill(Number(readFileSync(join(folder, 'redis.pid'), 'utf8')), 'SIGKILL')
  })
  return url
}
