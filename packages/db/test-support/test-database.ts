import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Db } from '../src/connect.ts'
import { connectDatabase } from '../src/connect.ts'
import { migrateToLatest } from '../src/migrate.ts'
import type { PostgresServer } from './admin.ts'
import { databasePrefix, urlOfDatabase, urlOfServer, withAdmin } from './admin.ts'

export interface TestDatabase {
  url: string
  db: Db
  /** Closes `db`, and every connection a test forgot. */
  drop(): Promise<void>
}

/** Held while the template is made or copied: a template that somebody is connected to cannot be copied. */
const TEMPLATE_LOCK = 20_260_730
const COPY_LIMIT_MS = 60_000
/** A test is about something else than how long a busy machine stands still. */
const PATIENT = { connectLimitMs: 60_000, statementLimitMs: 90_000 }

export interface TestDatabaseOptions {
  server?: PostgresServer
  /** False: without a table. */
  migrated?: boolean
}

/** A database of its own for one test file: a copy of the migrated template, or an empty one. */
export async function createTestDatabase({
  server = 'newest',
  migrated = true,
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = await urlOfServer(server)
  const name = `${databasePrefix()}_${randomBytes(6).toString('hex')}`
  await withAdmin(serverUrl, async (admin) => {
    if (!migrated) {
      await admin.query(`create database ${name}`)
      return
    }
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const template = await ensureTemplate(admin, serverUrl)
    await copyDatabase(admin, template, name)
  })
  const url = urlOfDatabase(serverUrl, name)
  const db = connectDatabase({ url, poolSize: 10, ...PATIENT })
  return {
    url,
    db,
    async drop() {
      await db.destroy()
      await withAdmin(serverUrl, (admin) =>
        admin.query(`drop database if exists ${name} with (force)`),
      )
    },
  }
}

/** The first test file of a run that needs the template makes it; it gets its name when it is whole. */
async function ensureTemplate(admin: pg.Client, serverUrl: string): Promise<string> {
  const template = `${databasePrefix()}_template`
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template])
  if (rowCount !== 0) return template

  const draft = `${template}_draft`
  await admin.query(`drop database if exists ${draft} with (force)`)
  await admin.query(`create database ${draft}`)
  const db = connectDatabase({ url: urlOfDatabase(serverUrl, draft), poolSize: 2, ...PATIENT })
  try {
    await migrateToLatest(db)
  } finally {
    await db.destroy()
  }
  await untilUnused(() => admin.query(`alter database ${draft} rename to ${template}`))
  return template
}

async function copyDatabase(admin: pg.Client, template: string, name: string) {
  await untilUnused(() => admin.query(`create database ${name} template ${template}`))
}

/** A connection that was closed a moment ago may still count. */
async function untilUnused(query: () => Promise<unknown>, deadline = Date.now() + COPY_LIMIT_MS) {
  try {
    await query()
  } catch (err) {
    const inUse = err instanceof Error && 'code' in err && err.code === '55006'
    if (!inUse || Date.now() > deadline) throw err
    await sleep(50)
    await untilUnused(query, deadline)
  }
}
