import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadOrExit } from '@sms-gateway/config/load'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { backUp } from '@sms-gateway/db/back-up'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

/**
 * `npm run backup -- [FOLDER]`: the data of `DATABASE_URL` into a new folder, `.data/backups/TIME` where none is given. The
 * keys of the people and the list of erasures go beside it, where only the newest are kept.
 */
const { database } = await loadOrExit(
  (env) => toStoreConfig(readEnvironment(storeVariables, env)),
  process.env,
)
try {
  const { positionals } = parseArgs({ allowPositionals: true })
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const folder = positionals[0] ?? join('.data', 'backups', time)
  const { tables, takenAt } = await backUp({ url: database.url, folder })
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  process.stdout.write(
    `${folder}: ${rows} rows of ${tables.length} tables, as of ${takenAt.toISOString()}\n` +
      'The files subject-keys and erasures beside it belong to all back-ups: keep them apart from these, and only the newest.\n',
  )
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`)
  process.exitCode = 1
}
