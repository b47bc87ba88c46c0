import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { copyOut } from './backup-files.ts'
import { type BackupManifest, MANIFEST_FILE } from './backup-manifest.ts'
import { listBackupTables, NEWEST_TABLES } from './backup-tables.ts'

/**
 * Writes all tables into a new folder, as they were at one moment; the gateway may be at work. The keys of the people
 * and the list of erasures go beside it, in the place of those of the back-up before: decision 0020.
 */
export async function backUp({
  url,
  folder,
}: {
  url: string
  folder: string
}): Promise<BackupManifest> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
  await mkdir(folder, { mode: 0o700 })
  const client = new pg.Client({ connectionString: url, application_name: 'backup' })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const manifest = await copyTables(client, folder)
    await copyNewest(client, dirname(folder))
    await client.query('commit')
    await writeManifest(join(folder, MANIFEST_FILE), manifest)
    return manifest
  } catch (err) {
    await rm(folder, { recursive: true, force: true })
    throw err
  } finally {
    await client.end()
  }
}

async function copyTables(client: pg.Client, folder: string): Promise<BackupManifest> {
  const { rows: moments } = await client.query<{ now: Date }>('select now()')
  const { rows: migrations } = await client.query<{ name: string }>(
    'select name from kysely_migration order by name',
  )
  const tables: BackupManifest['tables'] = []
  for (const table of await listBackupTables(client)) {
    const file = await copyOut(client, table, join(folder, `${table.name}.copy`))
    tables.push({ name: table.name, columns: [...table.columns], ...file })
  }
  // Not a part of the snapshot: read last, they are behind every row that is in it.
  const { rows: sequences } = await client.query<{ name: string; value: number }>(
    `select sequencename::text as name, last_value::float8 as value from pg_sequences
    where schemaname = current_schema() and last_value is not null`,
  )
  return {
    version: 1,
    takenAt: moments[0]?.now ?? new Date(0),
    migrations: migrations.map(({ name }) => name),
    tables,
    sequences,
  }
}

/** The erasures first: keys that are older than their list lose what it names, the other way round they would not. */
async function copyNewest(client: pg.Client, folder: string): Promise<void> {
  const made: [temporary: string, path: string][] = []
  for (const table of NEWEST_TABLES) {
    const path = join(folder, table.file)
    const temporary = `${path}.${process.pid}`
    await rm(temporary, { force: true })
    await copyOut(client, table, temporary)
    made.push([temporary, path])
  }
  for (const [temporary, path] of made) await rename(temporary, path)
}

async function writeManifest(path: string, manifest: BackupManifest): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(manifest, undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}
