import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import type { ServiceName } from '../test-support/service-process.ts'
import { spawnService } from '../test-support/service-process.ts'
import type { Variables } from '../test-support/settings.ts'
import { baseVariables } from '../test-support/settings.ts'
import { openStores } from '../test-support/stores.ts'

const cleanUp = cleanUpAfterAll()
const PATH = { PATH: process.env['PATH'] ?? '' }

/** What it says for people; its log is JSON lines. */
async function failToStart(name: ServiceName, env: Variables): Promise<string[]> {
  const service = spawnService(name, { ...PATH, LOG_LEVEL: 'silent', ...env }, cleanUp)
  const exit = await service.exited
  const lines = service
    .output()
    .split('\n')
    .filter((line) => line !== '')
  expect({ ...exit, lines }).toEqual({ code: 1, signal: null, lines })
  return lines
}

test.each<ServiceName>(['all-in-one', 'ingest-api', 'dispatcher', 'scheduler', 'webhooks'])(
  '%s names all wrong variables at once, a line each, without their values',
  async (name) => {
    const lines = await failToStart(name, {
      PORT: 'three thousand',
      SMS_LOOKUP_KEY: 'too-short',
      SMS_ENCRYPTION_KEYS: 'k1:not-base64',
      DATABASE_URL: 'mysql://user:hidden@host/db',
      LOG_LEVEL: 'loud',
    })
    for (const variable of [
      'PORT',
      'SMS_LOOKUP_KEY',
      'SMS_ENCRYPTION_KEYS',
      'DATABASE_URL',
      'LOG_LEVEL',
    ]) {
      expect(lines).toContainEqual(
        expect.stringMatching(
          new RegExp(`^${variable} is wrong: it takes .+, for example ${variable}=`),
        ),
      )
    }
    const said = lines.join('\n')
    for (const value of ['three thousand', 'too-short', 'not-base64', 'hidden', 'loud']) {
      expect(said).not.toContain(value)
    }
  },
)

test('ingest-api names what it must be given', async () => {
  const lines = await failToStart('ingest-api', {})
  for (const variable of ['DATABASE_URL', 'SMS_ENCRYPTION_KEYS', 'SMS_LOOKUP_KEY']) {
    expect(lines).toContainEqual(
      expect.stringMatching(new RegExp(`^${variable} is not set: it takes`)),
    )
  }
})

test('says in one line that the port is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  cleanUp(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const stores = await openStores('postgres', cleanUp)
  const lines = await failToStart('all-in-one', {
    ...baseVariables(stores),
    PORT: port,
    SMS_DATA_DIR: makeTestFolder(),
  })
  const line = lines.find((each) => each.startsWith('the gateway could not start'))
  expect(line).toMatch(new RegExp(`port ${port} is taken: .*PORT`))
  expect(lines.at(-1)).toBe(line)
})

test('says in one line that the data folder cannot be written', async () => {
  // Root may write everywhere, but a file is a folder for nobody.
  const file = join(makeTestFolder(), 'a-file')
  writeFileSync(file, '')
  const dataDir = join(file, 'data')
  const lines = await failToStart('all-in-one', { SMS_DATA_DIR: dataDir, PORT: '0' })
  expect(lines).toEqual([expect.stringMatching(/^the gateway could not start: .*\/a-file\/data/)])
})

test('says in one line that PostgreSQL does not answer', async () => {
  const stores = await openStores('postgres', cleanUp)
  const lines = await failToStart('all-in-one', {
    ...baseVariables(stores),
    DATABASE_URL: 'postgres://user:hidden@127.0.0.1:1/sms',
    SMS_DATA_DIR: makeTestFolder(),
    PORT: '0',
  })
  expect(lines.at(-1)).toMatch(/^the gateway could not start: .*ECONNREFUSED 127\.0\.0\.1:1/)
  expect(lines.join('\n')).not.toContain('hidden')
})
