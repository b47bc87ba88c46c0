import { loadOrExit } from '@sms-gateway/config/load'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { connectDatabase } from '@sms-gateway/db/connect'
import { migrateToLatest } from '@sms-gateway/db/migrate'
import { migrateQueue } from '@sms-gateway/queue/migrate'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

/** `npm run migrate`: the gateway's and BullMQ's tables to the newest, in `DATABASE_URL`. */
const { database } = await loadOrExit(
  (env) => toStoreConfig(readEnvironment(storeVariables, env)),
  process.env,
)
const db = connectDatabase({ ...database, name: 'migrate' })
try {
  await migrateToLatest(db)
  await migrateQueue(database.url)
  process.stdout.write('the database is at the newest migration\n')
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`)
  process.exitCode = 1
} finally {
  await db.destroy()
}
