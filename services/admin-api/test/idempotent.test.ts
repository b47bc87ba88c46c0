import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import { RepeatedApiKeyResponse } from '@sms-gateway/contracts/api-keys'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { type Admin, startAdmin } from './support.ts'

const CALLBACKS = '/api/v1/sms/callbacks'
const KEYS = '/api/v1/sms/api-keys'
const TEMPLATES = '/api/v1/sms/templates'
const REPLAYED = 'idempotency-replayed'

const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

const post = (path: string, body: unknown, key: string, apiKey?: string) =>
  admin.api.call(path, {
    body,
    headers: { 'idempotency-key': key },
    ...(apiKey !== undefined && { key: apiKey }),
  })
const newCallback = () => ({
  url: `http://127.0.0.1:9/${randomUUID()}`,
  event_types: ['message.sent'],
})
const newTemplate = () => ({
  code: `t${randomUUID().replaceAll('-', '')}`,
  name: 'x',
  content: 'x',
})
const count = async (table: string) => {
  const [row] = await admin.stores.query<{ n: number }>(`select count(*)::int as n from ${table}`)
  return row?.n ?? 0
}

test('ten requests at once under one key make one callback', async () => {
  const [body, key, before] = [newCallback(), randomUUID(), await count('callback')]
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(CALLBACKS, body, key)))
  expect(await count('callback')).toBe(before + 1)
  const made = answers.filter(({ status }) => status === 201)
  expect(new Set(made.map(({ text }) => text)).size).toBe(1)
  expect(made.filter(({ headers }) => !headers.has(REPLAYED))).toHaveLength(1)
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    expectProblem(answer, 409, 'idempotency-in-progress')
  }
  const again = await post(CALLBACKS, body, key)
  expect([again.status, again.headers.get(REPLAYED)]).toEqual([201, 'true'])
})

test('a template is made once, and a repeat is told so', async () => {
  const [body, key] = [newTemplate(), randomUUID()]
  const first = await post(TEMPLATES, body, key)
  const second = await post(TEMPLATES, body, key)
  expect([first.status, second.status, second.text]).toEqual([201, 201, first.text])
})

test('an API key is shown once: the repeat names it without the secret', async () => {
  const [body, key] = [{ client_name: randomUUID(), name: 'x', scopes: ['read'] }, randomUUID()]
  const chief = await addApiKey(admin.stores, { scopes: ['admin', 'read'] })
  const first = await post(KEYS, body, key, chief)
  const second = await post(KEYS, body, key, chief)
  const { key: secret, ...rest } = first.json as { key: string }
  expect(secret).toMatch(/^sk_/)
  const repeated = RepeatedApiKeyResponse.parse(second.json)
  expect(repeated).toEqual({ ...rest, key: null, note: expect.stringContaining('rotate') })
})

test('the same key with another body is refused, and a refusal frees the key', async () => {
  const key = randomUUID()
  expect((await post(CALLBACKS, newCallback(), key)).status).toBe(201)
  expectProblem(await post(CALLBACKS, newCallback(), key), 409, 'idempotency-key-reused')
  const free = randomUUID()
  expectProblem(await post(TEMPLATES, { code: 'X' }, free), 400, 'invalid-request')
  expect((await post(TEMPLATES, newTemplate(), free)).status).toBe(201)
})

test('what a process that died was working on is taken over after a minute', async () => {
  const [body, key] = [newTemplate(), randomUUID()]
  await post(TEMPLATES, body, key)
  await admin.stores.query('update idempotency set status = 0')
  expectProblem(await post(TEMPLATES, body, key), 409, 'idempotency-in-progress')
  await admin.stores.query(`update idempotency set created_at = created_at - interval '61 s'`)
  // It is really tried again, and really there already.
  expectProblem(await post(TEMPLATES, body, key), 409, 'template-exists')
})
