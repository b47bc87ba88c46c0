import type { Migration } from 'kysely'
import { Migrator } from 'kysely'
import type { Db } from './connect.ts'
import { up as messages } from './migrations/0001-messages.ts'
import { up as receipts } from './migrations/0002-receipts.ts'
import { up as accessAndState } from './migrations/0003-access-and-state.ts'
import { up as providersAndLimits } from './migrations/0004-providers-and-limits.ts'
import { up as templates } from './migrations/0005-templates.ts'
import { up as consent } from './migrations/0006-consent.ts'
import { up as twoWay } from './migrations/0007-two-way.ts'
import { up as callbacks } from './migrations/0008-callbacks.ts'
import { up as access } from './migrations/0009-access.ts'
import { up as privacy } from './migrations/0010-privacy.ts'
import { up as experiments } from './migrations/0011-experiments.ts'
import { up as campaigns } from './migrations/0012-campaigns.ts'
import { up as figures } from './migrations/0013-figures.ts'
import { up as retries } from './migrations/0014-retries.ts'
import { up as routing } from './migrations/0015-routing.ts'
import { up as money } from './migrations/0016-money.ts'
import { up as retention } from './migrations/0017-retention.ts'
import { up as guards } from './migrations/0018-guards.ts'
import { up as session } from './migrations/0019-session.ts'
import { up as live } from './migrations/0020-live.ts'
import { up as budgets } from './migrations/0021-budgets.ts'
import { up as pauses } from './migrations/0022-pauses.ts'
import { up as quietChanges } from './migrations/0023-quiet-changes.ts'
import { ensurePartitions } from './partitions.ts'

const MIGRATIONS: Record<string, Migration> = {
  '0001-messages': { up: messages },
  '0002-receipts': { up: receipts },
  '0003-access-and-state': { up: accessAndState },
  '0004-providers-and-limits': { up: providersAndLimits },
  '0005-templates': { up: templates },
  '0006-consent': { up: consent },
  '0007-two-way': { up: twoWay },
  '0008-callbacks': { up: callbacks },
  '0009-access': { up: access },
  '0011-experiments': { up: experiments },
  '0013-figures': { up: figures },
  '0010-privacy': { up: privacy },
  '0014-retries': { up: retries },
  '0012-campaigns': { up: campaigns },
  '0015-routing': { up: routing },
  '0016-money': { up: money },
  '0018-guards': { up: guards },
  '0017-retention': { up: retention },
  '0020-live': { up: live },
  '0019-session': { up: session },
  '0021-budgets': { up: budgets },
  '0022-pauses': { up: pauses },
  '0023-quiet-changes': { up: quietChanges },
}

/** To the newest, and with the partitions of the months round `now`. Safe to run from several processes at once. */
export async function migrateToLatest(db: Db, now = new Date()): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error)
    throw new Error(`the database could not be migrated: ${toReason(error)}`, { cause: error })
  await ensurePartitions(db, now)
}

/** No further than a back-up was: its tables are as they were then. */
export async function migrateThrough(db: Db, names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !MIGRATIONS[name])
  if (unknown.length > 0) {
    throw new Error(`the back-up is of a newer gateway: it has run ${unknown.join(', ')}`)
  }
  const migrations = Object.fromEntries(
    Object.entries(MIGRATIONS).filter(([name]) => names.includes(name)),
  )
  const provider = { getMigrations: () => Promise.resolve(migrations) }
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error)
    throw new Error(`the database could not be migrated: ${toReason(error)}`, { cause: error })
}

/** Names of migrations that this build knows and the database has not run. */
export async function listPendingMigrations(db: Db): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
  })
  const migrations = await migrator.getMigrations()
  return migrations.filter((migration) => !migration.executedAt).map(({ name }) => name)
}

/** Of a host with several addresses Node's error has no message, only a code. */
function toReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
