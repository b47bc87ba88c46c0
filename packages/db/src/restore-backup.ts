import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { copyIn, hashFile } from './backup-files.ts'
import { BackupManifest, MANIFEST_FILE } from './backup-manifest.ts'
import { NEWEST_TABLES } from './backup-tables.ts'
import { connectDatabase } from './connect.ts'
import { RESTORING } from './gateway-state.ts'
import { holdRestored, type Restored } from './hold-restored.ts'
import { migrateThrough, migrateToLatest } from './migrate.ts'

export interface RestoreOptions {
  /** Of an empty database. */
  url: string
  folder: string
  now: Date
}

/** Loads a back-up, with the newest keys and erasures beside it. The gateway stands still then, until it is resumed. */
export async function restoreBackup({ url, folder, now }: RestoreOptions): Promise<Restored> {
  const manifest = await readManifest(folder)
  const client = new pg.Client({ connectionString: url, application_name: 'restore' })
  await client.connect()
  try {
    await refuseUnlessEmpty(client)
    await migrate(url, (db) => migrateThrough(db, manifest.migrations))
    await client.query('begin')
    await load(client, manifest, folder)
    await loadNewest(client, dirname(folder))
    for (const { name, value } of manifest.sequences) {
      await client.query('select setval($1::regclass, $2)', [`"${name}"`, value])
    }
    // In the same commit: there is no moment at which it is loaded and would send.
    await client.query(
      `insert into gateway_state (state, reason, restored_to) values ('paused', $2, $1)`,
      [manifest.takenAt, RESTORING],
    )
    await client.query('commit')
    await migrate(url, (db) => migrateToLatest(db, now))
    return await migrate(url, (db) => holdRestored(db, { now, takenAt: manifest.takenAt }))
  } finally {
    await client.end()
  }
}

async function migrate<T>(
  url: string,
  run: (db: ReturnType<typeof connectDatabase>) => Promise<T>,
) {
  const db = connectDatabase({ url, poolSize: 2, name: 'restore', statementLimitMs: 3_600_000 })
  try {
    return await run(db)
  } finally {
    await db.destroy()
  }
}

async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, MANIFEST_FILE), 'utf8').catch((err: unknown) => {
    throw new Error(`${folder} is no back-up: it has no ${MANIFEST_FILE}`, { cause: err })
  })
  const manifest = BackupManifest.parse(JSON.parse(text))
  for (const { name, sha256 } of manifest.tables) {
    const found = await hashFile(join(folder, `${name}.copy`))
    if (found !== sha256) throw new Error(`${name}.copy is not as it was written`)
  }
  return manifest
}

async function refuseUnlessEmpty(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `select from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') limit 1`,
  )
  if (rows.length > 0) throw new Error('the database is not empty: restore into a new one')
}

/** Past the triggers: what they would write is in the back-up too. What the migrations have seeded is replaced. */
async function load(client: pg.Client, { tables }: BackupManifest, folder: string): Promise<void> {
  if (tables.length === 0) return
  const names = tables.map(({ name }) => `"${name}"`)
  await client.query(`truncate ${names.join(', ')}`)
  for (const name of names) await client.query(`alter table ${name} disable trigger user`)
  for (const table of tables) await copyIn(client, table, join(folder, `${table.name}.copy`))
  // Those that are deferred would be pending, and a table with a pending check cannot be altered.
  await client.query('set constraints all immediate')
  for (const name of names) await client.query(`alter table ${name} enable trigger user`)
}

/** Whoever was erased after the keys were written is erased again; the scheduler goes on with all of them. */
async function loadNewest(client: pg.Client, folder: string): Promise<void> {
  for (const table of NEWEST_TABLES) await copyIn(client, table, join(folder, table.file))
  await client.query(`delete from subject_key k using erasure e
    where k.recipient_hash = e.recipient_hash and k.key_id = e.key_id`)
  await client.query('update erasure set erased_at = null, closed_at = null')
}
