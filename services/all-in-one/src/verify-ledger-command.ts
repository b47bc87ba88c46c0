import { loadOrExit } from '@sms-gateway/config/load'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { connectDatabase } from '@sms-gateway/db/connect'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

/** A ledger of many millions takes its time. */
const STATEMENT_LIMIT_MS = 600_000

/**
 * `npm run ledger:verify`: whether the money adds up, entry by entry, in `DATABASE_URL`. Exit code 1 and the first
 * differences where it does not; the gateway may be at work meanwhile.
 */
const values = await loadOrExit((env) => readEnvironment(storeVariables, env), process.env)
const db = connectDatabase({
  ...toStoreConfig(values).database,
  name: 'ledger:verify',
  statementLimitMs: STATEMENT_LIMIT_MS,
})
try {
  const { messages, counters, differences } = await verifyLedger(db)
  if (differences.length === 0) {
    process.stdout.write(`the ledger adds up: ${messages} messages, ${counters} counters\n`)
  } else {
    for (const { subject, detail } of differences) process.stderr.write(`${subject}: ${detail}\n`)
    process.exitCode = 1
  }
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`)
  process.exitCode = 2
} finally {
  await db.destroy()
}
