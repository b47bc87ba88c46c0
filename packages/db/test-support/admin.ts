import pg from 'pg'
import { ensurePostgres14 } from './postgres-14.ts'

/** The run's own server (embedded, or `TEST_DATABASE_URL`), and the oldest that we support. */
export type PostgresServer = 'newest' | '14'

/** Every database of this run carries it, so that a run tells its own from another's on a shared server. */
export function databasePrefix(): string {
  return `sms_test_${readVariable('TEST_RUN_ID')}`
}

export function urlOfDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Where a connection may create and drop databases. */
export async function urlOfServer(server: PostgresServer): Promise<string> {
  const url = readVariable('TEST_DATABASE_URL')
  return server === 'newest' ? url : withAdmin(url, ensurePostgres14)
}

/** Runs `work` on a connection to the server. */
export async function withAdmin<T>(
  serverUrl: string,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T> {
  const admin = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 60_000 })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

/** Those on the older server go with it. */
export async function dropLeftDatabases(): Promise<void> {
  await withAdmin(await urlOfServer('newest'), async (admin) => {
    const { rows } = await admin.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [databasePrefix()],
    )
    for (const { datname } of rows)
      await admin.query(`drop database if exists ${datname} with (force)`)
  })
}

function readVariable(name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(
    `${name} is not set: run the tests by jest from the root, which starts the servers`,
  )
}
