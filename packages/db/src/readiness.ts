import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** Throws when PostgreSQL does not answer. */
export async function pingDatabase(db: Db): Promise<void> {
  await sql`select 1`.execute(db)
}

/** The class of errors that say "the database is away", by PostgreSQL's and Node's codes: repeat later, nothing is wrong with the data. */
export function isOutage(err: unknown): boolean {
  if (!(err instanceof Error)) return false
  const code = 'code' in err ? String(err.code) : ''
  return (
    code.startsWith('08') ||
    OUTAGE_CODES.includes(code) ||
    /timeout|Connection terminated|not queryable|Cannot use a pool/i.test(err.message)
  )
}

const OUTAGE_CODES = [
  // Read-only after a fail-over, and out of disk or memory: nothing is wrong with the data here either.
  '25006',
  '53100',
  '53200',
  // A statement over its time limit: it waited for a lock, or for a disk.
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOENT',
]

const WAIT_MS = 1_000

/** Resolves when the database answers: services start in any order. Rejects for what waiting does not mend. */
export async function waitForDatabase(db: Db, onWait: (err: unknown) => void): Promise<void> {
  for (;;) {
    try {
      await pingDatabase(db)
      return
    } catch (err) {
      if (!isOutage(err)) throw err
      onWait(err)
      await delay(WAIT_MS)
    }
  }
}
