import { type ClientRequest, request } from 'node:http'
import { beforeAll, expect, test } from '@jest/globals'
import { openAccess } from '@sms-gateway/access/open-access'
import { CampaignResponse } from '@sms-gateway/contracts/campaigns'
import { ensureApiKey } from '@sms-gateway/db/api-keys'
import { connectDatabase } from '@sms-gateway/db/connect'
import { isOutage } from '@sms-gateway/db/readiness'
import { createVault } from '@sms-gateway/db/vault'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { findFreePort } from '../../all-in-one/test-support/free-port.ts'
import { API_KEY, baseVariables } from '../../all-in-one/test-support/settings.ts'
import type { Stores } from '../../all-in-one/test-support/stores.ts'
import { openStores } from '../../all-in-one/test-support/stores.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import { UPLOAD_LIMITS, type UploadLimits } from '../src/campaigns/upload-limits.ts'
import { readConfig } from '../src/config.ts'
import { createIngest } from '../src/service.ts'

const BOUNDARY = 'a-boundary'
const FIELDS = { name: 'orders', message_type: 'notice', message: 'hello', draft: 'true' }
const HEAD = `${Object.entries(FIELDS)
  .map(([name, value]) => `${part(`name="${name}"`)}${value}\r\n`)
  .join('')}${part('name="file"; filename="people.csv"')}`
const TAIL = `\r\n--${BOUNDARY}--\r\n`
/** More than a piece that is stored at once. */
const FIRST_PIECE = `phone\r\n${rows(0, 30_000)}`

function part(disposition: string): string {
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n`
}

function rows(from: number, to: number): string {
  return Array.from(
    { length: to - from },
    (_, at) => `+8869${String(10_000_000 + from + at)}\r\n`,
  ).join('')
}

const cleanUp = cleanUpAfterAll()
let stores: Stores
/** One that waits as long as any machine stands still, and one that has no patience. */
let url: string
let hastyUrl: string
beforeAll(async () => {
  stores = await openStores('postgres', cleanUp)
  url = await startInProcess({ idleMs: 600_000 })
  hastyUrl = await startInProcess({ idleMs: 300 })
})

async function startInProcess(change: Partial<UploadLimits> = {}): Promise<string> {
  const config = readConfig(baseVariables(stores))
  const db = connectDatabase({ url: stores.databaseUrl, poolSize: 4 })
  cleanUp(() => db.destroy())
  await ensureApiKey(db, { key: API_KEY, clientName: 'tests', scopes: ['send', 'read'] })
  const queues = openLaneQueues(connectBackend(config.queue), { onError: () => undefined })
  cleanUp(() => queues.close())
  const vault = createVault(config.vault)
  const access = openAccess({ db, vault, queue: config.queue })
  const ingest = createIngest({
    ...{ access, db, vault, queues },
    rules: config.rules,
    limits: config.limits,
    sendingEnabled: true,
    uploads: { ...UPLOAD_LIMITS, ...change },
  })
  cleanUp(() => ingest.close())
  const app = createServiceApp({
    logger: createLogger('ingest-api', 'info', { write: () => undefined }),
    registry: createRegistry(),
    checks: {},
    routers: [ingest.router],
    isOutage,
  })
  const port = await findFreePort()
  const server = await listen(app, { host: '127.0.0.1', port })
  cleanUp(() => closeServer(server, 100))
  return `http://127.0.0.1:${port}`
}

interface Answer {
  status: number
  headers: NodeJS.Dict<string | string[]>
  json: unknown
}

interface Upload {
  wire: ClientRequest
  answer: Promise<Answer>
}

/** An upload whose bytes come when the test says so. */
function upload(key = API_KEY, to = url): Upload {
  const wire = request(`${to}/api/v1/sms/campaigns`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    },
  })
  const answer = new Promise<Answer>((resolve, reject) => {
    wire.on('error', reject)
    wire.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response
        resolve({ status, headers, json: JSON.parse(text) })
      })
    })
  })
  // A test that hangs up has no answer.
  answer.catch(() => undefined)
  wire.write(HEAD)
  return { wire, answer }
}

const count = async (table: 'campaign_upload' | 'campaign_recipient') => {
  const [row] = await stores.query<{ count: number }>(`select count(*)::int as count from ${table}`)
  return row?.count ?? 0
}
const isDropped = async () => (await count('campaign_upload')) === 0

test('one that comes slowly holds nobody up, and a client has two at once', async () => {
  const other = await addApiKey(stores, { scopes: ['send'] })
  const slow = [upload(), upload()]
  for (const { wire } of slow) wire.write(FIRST_PIECE)
  await until('both are under way', async () => (await count('campaign_upload')) >= 2)

  const third = upload()
  third.wire.end(`phone\r\n0912345678${TAIL}`)
  const refused = await third.answer
  expect(refused).toMatchObject({ status: 429, json: { code: 'too-many-uploads' } })
  expect(refused.headers['retry-after']).toBe('30')

  const quick = upload(other)
  quick.wire.end(`phone\r\n0912345678${TAIL}`)
  expect((await quick.answer).status).toBe(202)

  for (const { wire } of slow) wire.destroy()
  await until('what they brought is gone', isDropped)
  const next = upload()
  next.wire.end(`phone\r\n0912345678${TAIL}`)
  const accepted = await next.answer
  expect(CampaignResponse.parse(accepted.json).counts.recipients).toBe(1)
})

test('one that falls silent is told so, and nothing of it is kept', async () => {
  const silent = upload(API_KEY, hastyUrl)
  silent.wire.write(FIRST_PIECE)
  const answer = await silent.answer
  expect(answer).toMatchObject({ status: 408, json: { code: 'upload-too-slow' } })
  expect(answer.headers['connection']).toBe('close')
  await until('what it brought is gone', isDropped)
})

test('a caller that hangs up ends the work on its campaign', async () => {
  const { wire } = upload()
  wire.end(`phone\r\n${rows(0, 120_000)}${TAIL}`)
  await until('its ledger is being written', async () => (await count('campaign_recipient')) > 500)
  wire.destroy()
  await until('the file is dropped', isDropped)
  const left = await stores.query<{ loaded_at: Date | null }>(
    `select loaded_at from campaign where touched_at = '-infinity'`,
  )
  expect(left).toEqual([{ loaded_at: null }])
  expect(await count('campaign_recipient')).toBeLessThan(100_000)
})
