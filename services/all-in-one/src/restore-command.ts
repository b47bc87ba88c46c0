import { parseArgs } from 'node:util'
import { loadOrExit } from '@sms-gateway/config/load'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { restoreBackup } from '@sms-gateway/db/restore-backup'
import { migrateQueue } from '@sms-gateway/queue/migrate'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

/** `npm run restore -- FOLDER`: a back-up into `DATABASE_URL`, which must be empty. The gateway stands still until `npm run resume`. */
const { database } = await loadOrExit(
  (env) => toStoreConfig(readEnvironment(storeVariables, env)),
  process.env,
)
try {
  const { positionals } = parseArgs({ allowPositionals: true })
  const [folder] = positionals
  if (folder === undefined)
    throw new Error('name the folder of the back-up: npm run restore -- FOLDER')
  const restored = await restoreBackup({ url: database.url, folder, now: new Date() })
  await migrateQueue(database.url)
  const { held, unknown, campaigns, takenAt } = restored
  process.stdout.write(
    `restored to ${takenAt.toISOString()}; the gateway is paused: it accepts, and sends nothing\n` +
      `${held} messages waited then and may have been sent since: they are held\n` +
      `${unknown} were on their way or in doubt: they are unknown\n` +
      `${campaigns} campaigns were running or have come due since: they are halted\n` +
      'npm run resume: the held ones end as unknown, nobody is texted twice. npm run resume -- --send: they are sent.\n',
  )
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`)
  process.exitCode = 1
}
