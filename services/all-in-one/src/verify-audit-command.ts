import { parseArgs } from 'node:util'
import { loadOrExit } from '@sms-gateway/config/load'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { toVaultConfig, vaultVariables } from '@sms-gateway/config/vault'
import type { AuditMark } from '@sms-gateway/db/audit-chain'
import { formatMark, readMark } from '@sms-gateway/db/audit-head'
import { connectDatabase } from '@sms-gateway/db/connect'
import { createVault } from '@sms-gateway/db/vault'
import { verifyAudit } from '@sms-gateway/db/verify-audit'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

/**
 * `npm run audit:verify`: whether the audit is as it was written. `--head SEQ:HASH` is an end that was noted before, by
 * this command or in the scheduler's log: the audit must still hold it.
 */
const values = await loadOrExit(
  (env) => readEnvironment({ ...storeVariables, ...vaultVariables }, env),
  process.env,
)
const vault = createVault(toVaultConfig(values))
const db = connectDatabase({ ...toStoreConfig(values).database, name: 'audit:verify' })
try {
  const verdict = await verifyAudit(db, vault, readExpected())
  if (verdict.kind === 'whole') {
    const { rows, head } = verdict
    process.stdout.write(`the audit is whole: ${rows} rows, head ${formatMark(head)}\n`)
  } else {
    process.stderr.write(`the audit is broken at row ${verdict.seq}: ${verdict.reason}\n`)
    process.exitCode = 1
  }
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`)
  process.exitCode = 2
} finally {
  await db.destroy()
}

function readExpected(): AuditMark | undefined {
  const { head } = parseArgs({ options: { head: { type: 'string' } } }).values
  if (head === undefined) return undefined
  const mark = readMark(head)
  if (!mark) throw new Error('--head takes what an earlier run printed: SEQ:HASH')
  return mark
}
