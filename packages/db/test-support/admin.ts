import pg from 'pg'

/** Every database of this run carries it, so that a run tells its own from another's on a shared server. */
export function databasePrefix(): string {
  return `sms_test_${readVariable('TEST_RUN_ID')}`
}

export function urlOfDatabase(name: string): string {
  const url = new URL(readVariable('TEST_DATABASE_URL'))
  url.pathname = `/${name}`
  return url.href
}

/** Runs `work` on a connection that may create and drop databases. */
export async function withAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({
    connectionString: readVariable('TEST_DATABASE_URL'),
    connectionTimeoutMillis: 10_000,
  })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

export async function dropLeftDatabases(): Promise<void> {
  await withAdmin(async (admin) => {
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
