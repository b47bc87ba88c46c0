import { loadOrExit } from '@sms-gateway/config/load'
import { quietVariables } from '@sms-gateway/config/quiet-hours'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { connectDatabase } from '@sms-gateway/db/connect'
import { rebuildStats } from '@sms-gateway/db/rebuild-stats'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

/** A day of many millions takes its time. */
const STATEMENT_LIMIT_MS = 600_000

/**
 * `npm run stats:rebuild`: the figures counted anew from the messages in `DATABASE_URL`, by the days of `SMS_TIMEZONE`.
 * Days whose messages are gone stay as they are; the gateway may be at work meanwhile.
 */
const { SMS_TIMEZONE } = quietVariables
const values = await loadOrExit(
  (env) => readEnvironment({ ...storeVariables, SMS_TIMEZONE }, env),
  process.env,
)
const db = connectDatabase({
  ...toStoreConfig(values).database,
  name: 'stats:rebuild',
  statementLimitMs: STATEMENT_LIMIT_MS,
})
try {
  const rebuilt = await rebuildStats(db, {
    timeZone: values.SMS_TIMEZONE,
    onDay: (day) => process.stdout.write(`${day}\n`),
  })
  process.stdout.write(
    rebuilt
      ? `the figures of ${rebuilt.firstDay} to ${rebuilt.lastDay} are those of the messages\n`
      : 'there is no message: the figures stay as they are\n',
  )
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`)
  process.exitCode = 1
} finally {
  await db.destroy()
}
