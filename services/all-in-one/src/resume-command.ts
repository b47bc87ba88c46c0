import { parseArgs } from 'node:util'
import { loadOrExit } from '@sms-gateway/config/load'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { connectDatabase } from '@sms-gateway/db/connect'
import { resumeGateway } from '@sms-gateway/db/gateway-state'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

/** `npm run resume`: starts a gateway that was paused, or restored. What waited at the back-up ends as `unknown`; with `--send` it is sent. */
const { database } = await loadOrExit(
  (env) => toStoreConfig(readEnvironment(storeVariables, env)),
  process.env,
)
const db = connectDatabase({ ...database, name: 'resume', statementLimitMs: 600_000 })
try {
  const { send = false } = parseArgs({ options: { send: { type: 'boolean' } } }).values
  const held = send ? 'send' : 'end'
  const count = await resumeGateway(db, {
    held,
    actor: 'npm run resume',
    now: new Date(),
  })
  const became = send ? 'go out now' : 'are unknown, and are not sent'
  process.stdout.write(
    count === undefined
      ? 'the gateway was not paused\n'
      : `the gateway runs; ${count} messages that were held ${became}\n`,
  )
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`)
  process.exitCode = 1
} finally {
  await db.destroy()
}
