import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { createAudit } from '@sms-gateway/db/audit'
import { connectDatabase } from '@sms-gateway/db/connect'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import { createVault } from '@sms-gateway/db/vault'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { baseVariables } from '../test-support/settings.ts'
import type { Stores } from '../test-support/stores.ts'
import { openStores } from '../test-support/stores.ts'

const COMMAND = join(import.meta.dirname, '../src/verify-audit-command.ts')

const cleanUp = cleanUpAfterAll()
let stores: Stores
beforeAll(async () => {
  stores = await openStores('postgres', cleanUp)
})

async function run(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const child = spawnTypeScript(COMMAND, args, baseVariables(stores))
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const [code]: unknown[] = await once(child, 'close')
  return { code, ...said }
}

async function write(count: number): Promise<void> {
  const db = connectDatabase({ url: stores.databaseUrl, poolSize: 1 })
  const lookupKey = Buffer.from(baseVariables(stores)['SMS_LOOKUP_KEY'] ?? '', 'base64')
  const vault = createVault({ encryptionKeys: [{ id: 'k1', key: lookupKey }], lookupKey })
  const entry = { at: new Date(), clientId: null, keyId: null, subject: null, requestId: null }
  await createAudit(db, vault).append(
    Array.from({ length: count }, () => ({ ...entry, action: 'test', outcome: 'ok' })),
  )
  await db.destroy()
}

test('tells whether the audit is whole, and the first row that is not', async () => {
  await write(3)
  const first = await run()
  expect(first).toMatchObject({ code: 0, err: '' })
  const head = /^the audit is whole: 3 rows, head (3:[0-9a-f]{64})\n$/.exec(first.out)?.[1] ?? ''
  await write(2)
  expect(await run('--head', head)).toMatchObject({ code: 0, err: '' })
  expect(await run('--head', `6${head.slice(1)}`)).toEqual({
    code: 1,
    out: '',
    err: 'the audit is broken at row 6: it is missing: a later end was expected\n',
  })
  await stores.query('delete from audit where seq = 2')
  expect(await run()).toEqual({
    code: 1,
    out: '',
    err: 'the audit is broken at row 2: it is missing\n',
  })
})

test('says what is wrong with what it was given', async () => {
  const wrong = await run('--head', 'nonsense')
  expect(wrong).toMatchObject({ code: 2, out: '' })
  expect(wrong.err).toBe('--head takes what an earlier run printed: SEQ:HASH\n')
  expect(await run('--tail', 'x')).toMatchObject({ code: 2, out: '' })
})
