import { beforeAll, expect, test } from '@jest/globals'
import { createApi } from '../test-support/api.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { findFreePort } from '../test-support/free-port.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { startSecretManager } from '../test-support/secret-manager.ts'
import { spawnService, whenReady } from '../test-support/service-process.ts'
import type { Variables } from '../test-support/settings.ts'
import { API_KEY, baseVariables } from '../test-support/settings.ts'
import type { Stores } from '../test-support/stores.ts'
import { openStores } from '../test-support/stores.ts'

const cleanUp = cleanUpAfterAll()
let stores: Stores
beforeAll(async () => {
  stores = await openStores('postgres', cleanUp)
})

const start = (env: Variables) =>
  spawnService('ingest-api', { ...baseVariables(stores), ...env }, cleanUp)

test('a service takes what Secret Manager has for it, and asks for nothing else', async () => {
  const { SMS_LOOKUP_KEY: lookupKey = '', DATABASE_URL: databaseUrl = '' } = baseVariables(stores)
  const { url, asked } = await startSecretManager(
    {
      'gas-1/lookup/latest': { value: `${lookupKey}\n` },
      'gas-1/database/7': { value: databaseUrl },
      'gas-1/api-key/latest': { value: API_KEY },
    },
    cleanUp,
  )
  const port = await findFreePort()
  const service = start({
    PORT: String(port),
    SECRET_MANAGER_ENDPOINT: url,
    SMS_LOOKUP_KEY: 'sm://gas-1/lookup',
    DATABASE_URL: 'sm://gas-1/database/7',
    SMS_BOOTSTRAP_API_KEY: 'sm://gas-1/api-key/latest',
    TWILIO_AUTH_TOKEN: 'sm://gas-1/of-another-service',
  })
  const root = `http://127.0.0.1:${port}`
  await whenReady(service, root)
  const sent = await createApi(root).send({ phone: newPhone().local, message: newText() })
  expect(sent.status).toBe('queued')
  expect(asked.toSorted()).toEqual([
    'gas-1/api-key/latest',
    'gas-1/database/7',
    'gas-1/lookup/latest',
  ])
  for (const secret of [lookupKey, databaseUrl, API_KEY]) {
    expect(service.output()).not.toContain(secret)
  }
})

test('what cannot be had ends the start: a line each, with the variable and the secret, never a value', async () => {
  const { url } = await startSecretManager(
    {
      'p/forbidden/latest': { fails: 403, status: 'PERMISSION_DENIED' },
      'p/disabled/3': { fails: 400, status: 'FAILED_PRECONDITION' },
      'p/damaged/latest': { value: 'the-secret-itself', checksum: 1 },
      'p/slow/latest': 'hangs',
    },
    cleanUp,
  )
  const service = start({
    SECRET_MANAGER_ENDPOINT: url,
    DATABASE_URL: 'sm://p/missing',
    SMS_LOOKUP_KEY: 'sm://p/forbidden',
    SMS_ENCRYPTION_KEYS: 'sm://p/disabled/3',
    SMS_BOOTSTRAP_API_KEY: 'sm://p/damaged',
    REDIS_URL: 'sm://p/slow',
    SMS_COMPANY_NAME: 'sm://only-a-project',
  })
  expect(await service.exited).toMatchObject({ code: 1 })
  const lines = service.output().trimEnd().split('\n').toSorted()
  const unread = (variable: string, name: string, reason: string) =>
    `${variable} names the secret projects/p/secrets/${name}, which cannot be read: ${reason}`
  expect(lines).toEqual([
    unread(
      'DATABASE_URL',
      'missing/versions/latest',
      'there is no such secret, or no such version',
    ),
    unread('REDIS_URL', 'slow/versions/latest', 'Secret Manager did not answer within 10000 ms'),
    unread(
      'SMS_BOOTSTRAP_API_KEY',
      'damaged/versions/latest',
      'it came damaged: its checksum is another one',
    ),
    'SMS_COMPANY_NAME is wrong: a secret is named sm://PROJECT/SECRET or sm://PROJECT/SECRET/VERSION',
    unread('SMS_ENCRYPTION_KEYS', 'disabled/versions/3', 'the version is disabled or destroyed'),
    unread(
      'SMS_LOOKUP_KEY',
      'forbidden/versions/latest',
      'this service may not read it: it needs the role roles/secretmanager.secretAccessor',
    ),
  ])
  expect(service.output()).not.toContain('the-secret-itself')
})

test('a value of the wrong form is told as any other, without the value', async () => {
  const { url } = await startSecretManager({ 'p/short/latest': { value: 'too-short' } }, cleanUp)
  const service = start({ SECRET_MANAGER_ENDPOINT: url, SMS_LOOKUP_KEY: 'sm://p/short' })
  expect(await service.exited).toMatchObject({ code: 1 })
  expect(service.output()).toMatch(/^SMS_LOOKUP_KEY is wrong: it takes base64 of 32 bytes.*\n$/)
  expect(service.output()).not.toContain('too-short')
})
