import { runMigrations } from 'bullmq'
import pg from 'pg'
import { POSTGRES_SCHEMA } from './backend.ts'

const CONNECT_LIMIT_MS = 5_000

/** BullMQ's own tables, in a schema of their own. Safe to run from several processes at once. */
export async function migrateQueue(databaseUrl: string): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
  })
  await client.connect()
  try {
    await runMigrations(client, POSTGRES_SCHEMA)
  } finally {
    await client.end()
  }
}
