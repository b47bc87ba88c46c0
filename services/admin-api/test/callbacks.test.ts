import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { AuditResponse } from '@sms-gateway/contracts/audit'
import {
  CallbackAttemptsResponse,
  CallbackEventsResponse,
  CallbackResponse,
  CallbackSecretResponse,
  CallbacksResponse,
} from '@sms-gateway/contracts/callbacks'
import { CALLBACK_EVENT_TYPES } from '@sms-gateway/domain/callback-event'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const CALLBACKS = `${SMS}/callbacks`
const DAY_MS = 86_400_000
const URL = 'https://producer.example.tw/sms-events?token=hunter22'

const cleanUp = cleanUpAfterAll()
let admin: Admin
let adminKey: string
let key: string
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
  adminKey = await addApiKey(admin.stores, { scopes: ['read', 'send', 'admin', 'privacy'] })
})
beforeEach(async () => {
  // Of a client of its own each: none has more than a test gave it.
  key = await addApiKey(admin.stores, { scopes: ['read', 'send'] })
})

const call = (path: string, method: string, body?: unknown, as = key) =>
  admin.api.call(`${CALLBACKS}${path}`, { method, key: as, ...(body !== undefined && { body }) })

async function create(body: object = {}, as = key) {
  const answer = await call('', 'POST', { url: URL, ...body }, as)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 })
  return CallbackSecretResponse.parse(answer.json)
}

async function list(as = key, query = ''): Promise<CallbacksResponse['data']> {
  return CallbacksResponse.parse((await call(query, 'GET', undefined, as)).json).data
}
type CallbacksResponse = ReturnType<typeof CallbacksResponse.parse>

async function addEvents(callbackId: string, count: number, state = 'delivered') {
  const rows = await admin.stores.query<{ id: string }>(
    `insert into callback_event (callback_id, type, subject_id, occurred_at, state, attempts)
     select $1, 'message.sent', gen_random_uuid(), now() - make_interval(mins => n), $3, 1
     from generate_series(1, $2) n returning id`,
    [callbackId, count, state],
  )
  await admin.stores.query(
    `insert into callback_attempt (event_id, number, callback_id, at, latency_ms, status)
     select id, 1, callback_id, now(), 12, 204 from callback_event where callback_id = $1`,
    [callbackId],
  )
  return rows.map(({ id }) => id)
}

describe('a callback', () => {
  test('is made with a secret that is shown once', async () => {
    const { secret, ...made } = await create()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(made).toMatchObject({ url: URL, status: 'active', event_types: CALLBACK_EVENT_TYPES })
    const found = await call(`/${made.id}`, 'GET')
    expect(CallbackResponse.parse(found.json)).toEqual(made)
    expect(await list()).toEqual([made])
    expect(admin.log.join('')).not.toMatch(/whsec_|hunter22/)
    expect(await admin.stores.dumpTables()).not.toMatch(/whsec_|hunter22/)
  })

  test('wants the events it names, each once', async () => {
    const types = ['message.delivered', 'message.failed', 'message.delivered']
    expect((await create({ event_types: types })).event_types).toEqual([
      'message.delivered',
      'message.failed',
    ])
  })

  test('gets another secret, beside which the old one signs for a day', async () => {
    const { id, secret } = await create()
    const before = Date.now()
    const answer = await call(`/${id}/rotate`, 'POST')
    const rotated = CallbackSecretResponse.parse(answer.json)
    expect(rotated.secret).not.toBe(secret)
    const end = Date.parse(rotated.old_secret_until ?? '')
    expect(end).toBeGreaterThanOrEqual(before + DAY_MS)
    expect(end).toBeLessThanOrEqual(Date.now() + DAY_MS)
  })

  test('that is deleted is gone', async () => {
    const { id } = await create()
    expect((await call(`/${id}`, 'DELETE')).status).toBe(204)
    expectProblem(await call(`/${id}`, 'GET'), 404, 'callback-not-found')
    expectProblem(await call(`/${id}`, 'DELETE'), 404, 'callback-not-found')
    expect(await list()).toEqual([])
    const [row] = await admin.stores.query<{ bytes: number }>(
      'select length(secret_cipher) + length(url_cipher) as bytes from callback where id = $1',
      [id],
    )
    expect(row?.bytes).toBe(0)
  })

  test('that was disabled is enabled again', async () => {
    const { id } = await create()
    await admin.stores.query(
      `update callback set state = 'disabled', disabled_at = now(), disabled_reason = 'a test', failures = 12,
       failing_since = now(), paused_until = now() where id = $1`,
      [id],
    )
    expect((await list())[0]).toMatchObject({ status: 'disabled', disabled_reason: 'a test' })
    const refused = await call(`/${id}/replay`, 'POST', { since: new Date().toISOString() })
    expectProblem(refused, 409, 'callback-disabled')
    const { json } = await call(`/${id}/enable`, 'POST')
    expect(CallbackResponse.parse(json)).toMatchObject({
      status: 'active',
      disabled_reason: null,
      disabled_at: null,
      failing_since: null,
      paused_until: null,
    })
  })

  test('is one of ten at most', async () => {
    const made = []
    for (let count = 0; count < 10; count++) made.push(await create())
    expectProblem(await call('', 'POST', { url: URL }), 409, 'too-many-callbacks')
    await call(`/${made[0]?.id ?? ''}`, 'DELETE')
    await create()

    const ids = (await list()).map(({ id }) => id)
    const first = CallbacksResponse.parse((await call('?limit=6', 'GET')).json)
    const second = CallbacksResponse.parse(
      (await call(`?limit=6&cursor=${first.next_cursor ?? ''}`, 'GET')).json,
    )
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids)
    expect(second.next_cursor).toBeNull()
  })
})

describe('is refused', () => {
  test.each([
    ['http', 'http://producer.example.tw/'],
    ['credentials', 'https://a:hunter22@producer.example.tw/'],
    ['a private address', 'https://10.0.0.1/'],
    ['the metadata', 'https://169.254.169.254/latest/'],
    ['IPv4-mapped loopback', 'https://[::ffff:7f00:1]/'],
    ['localhost', 'https://localhost:8443/'],
    ['the port of SSH', 'https://producer.example.tw:22/'],
    ['no URL', 'producer'],
  ])('a URL with %s, with 422', async (_what, url) => {
    const problem = expectProblem(await call('', 'POST', { url }), 422, 'callback-url-not-allowed')
    expect(JSON.stringify(problem)).not.toContain('hunter22')
    expect(await list()).toEqual([])
  })

  test.each([
    ['nothing', {}],
    ['no text', { url: 7 }],
    ['an unknown type', { url: URL, event_types: ['message.eaten'] }],
    ['no type', { url: URL, event_types: [] }],
    ['an unknown field', { url: URL, secret: 'whsec_x' }],
    ['a long URL', { url: `https://producer.example.tw/${'x'.repeat(1_000)}` }],
  ])('a body with %s, with 400', async (_what, body) => {
    expectProblem(await call('', 'POST', body), 400, 'invalid-request')
    expect(await list()).toEqual([])
  })

  test('whoever may only read, or only send', async () => {
    const { id } = await create()
    const changes = [
      ['', 'POST'],
      [`/${id}`, 'DELETE'],
      [`/${id}/rotate`, 'POST'],
      [`/${id}/enable`, 'POST'],
      [`/${id}/replay`, 'POST'],
    ] as const
    const reads = ['', `/${id}`, `/${id}/attempts`, `/${id}/events`]
    for (const scope of ['read', 'send', 'operate']) {
      const as = await addApiKey(admin.stores, { scopes: [scope] })
      for (const [path, method] of changes) {
        expectProblem(await call(path, method, undefined, as), 403, 'forbidden')
      }
      if (scope === 'read') continue
      for (const path of reads) {
        expectProblem(await call(path, 'GET', undefined, as), 403, 'forbidden')
      }
    }
  })
})

test('a call that takes two scopes counts once against the limit of its key', async () => {
  const key = await addApiKey(admin.stores, { client: 'counted', scopes: ['read', 'send'] })
  await admin.stores.query(
    `update api_key set rate_per_minute = 100 where client_id = (select id from api_client where name = 'counted')`,
  )
  const lefts = []
  for (const path of ['', `/${randomUUID()}/enable`, `/${randomUUID()}/replay`, '']) {
    const { headers } = await call(path, path === '' ? 'GET' : 'POST', undefined, key)
    lefts.push(Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]))
  }
  const [first = 0] = lefts
  expect(lefts).toEqual([first, first - 1, first - 2, first - 3])
})

test("another client's is not there, but for a key with admin", async () => {
  const { id, secret: _secret, ...made } = await create()
  const [eventId] = await addEvents(id, 1)
  const other = await addApiKey(admin.stores, { scopes: ['read', 'send', 'operate', 'privacy'] })
  const calls = [
    [`/${id}`, 'GET', undefined],
    [`/${id}`, 'DELETE', undefined],
    [`/${id}/rotate`, 'POST', undefined],
    [`/${id}/enable`, 'POST', undefined],
    [`/${id}/replay`, 'POST', { event_id: eventId }],
    [`/${id}/attempts`, 'GET', undefined],
    [`/${id}/events`, 'GET', undefined],
  ] as const
  for (const [path, method, body] of calls) {
    expectProblem(await call(path, method, body, other), 404, 'callback-not-found')
  }
  const mine = await create({}, other)
  const foreign = await call(`/${mine.id}/replay`, 'POST', { event_id: eventId }, other)
  expectProblem(foreign, 404, 'callback-not-found')
  expect(await list(other)).toHaveLength(1)
  expect(await list(adminKey, '?limit=500')).toContainEqual({ id, ...made })
  for (const bad of ['x', '%00', randomUUID(), "'"]) {
    expectProblem(await call(`/${bad}`, 'GET'), 404, 'callback-not-found')
  }
})

describe('what was sent', () => {
  test('is listed page by page, newest first, by event and by state', async () => {
    const { id } = await create()
    const ids = await addEvents(id, 5)
    const pages = []
    for (let cursor = ''; ;) {
      const answer = await call(`/${id}/events?limit=2${cursor}`, 'GET')
      const page = CallbackEventsResponse.parse(answer.json)
      pages.push(page.data.map(({ event_id: eventId }) => eventId))
      if (page.next_cursor === null) break
      cursor = `&cursor=${page.next_cursor}`
    }
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
    const none = await call(`/${id}/events?state=failed`, 'GET')
    expect(none.json).toEqual({ data: [], next_cursor: null })

    const first = CallbackAttemptsResponse.parse(
      (await call(`/${id}/attempts?limit=3`, 'GET')).json,
    )
    const rest = CallbackAttemptsResponse.parse(
      (await call(`/${id}/attempts?limit=3&cursor=${first.next_cursor ?? ''}`, 'GET')).json,
    )
    const seen = [...first.data, ...rest.data].map(({ event_id: eventId }) => eventId)
    expect(seen.toSorted()).toEqual(ids.toSorted())
    const one = await call(`/${id}/attempts?event_id=${ids[0] ?? ''}`, 'GET')
    expect(CallbackAttemptsResponse.parse(one.json).data).toMatchObject([
      { event_id: ids[0], number: 1, status: 204, latency_ms: 12, type: 'message.sent' },
    ])
  })

  test('is replayed by window, and by event, whose on-going try is let be', async () => {
    const { id } = await create()
    const [first] = await addEvents(id, 3, 'failed')
    const [newest] = await admin.stores.query<{ at: Date }>(
      'select occurred_at as at from callback_event where id = $1',
      [first],
    )
    // The newest of the three happened a minute ago, and each of the others a minute before.
    const minutesAgo = (count: number) =>
      new Date((newest?.at.getTime() ?? 0) - (count - 1) * 60_000).toISOString()
    const replay = async (body: object) => (await call(`/${id}/replay`, 'POST', body)).json
    const window = { since: minutesAgo(2.5), until: minutesAgo(1.5) }
    expect(await replay(window)).toEqual({ replayed: 1, next_since: null })
    expect(await replay({ since: minutesAgo(60), failed_only: true })).toEqual({
      replayed: 2,
      next_since: null,
    })
    expect(await replay({ since: minutesAgo(60) })).toEqual({ replayed: 0, next_since: null })
    await admin.stores.query(
      `update callback_event set state = 'delivering', claimed_until = now() where id = $1`,
      [first],
    )
    expect(await replay({ event_id: first })).toEqual({ replayed: 0, next_since: null })
  })

  test.each([
    ['neither', {}],
    ['both', { event_id: randomUUID(), since: '2026-01-01T00:00:00Z' }],
    ['a day instead of a time', { since: '2026-01-01' }],
    ['no id', { event_id: 'x' }],
  ])('is not replayed by %s', async (_what, body) => {
    const { id } = await create()
    expectProblem(await call(`/${id}/replay`, 'POST', body), 400, 'invalid-request')
  })

  test('is not listed from a cursor that is none', async () => {
    const { id } = await create()
    for (const path of ['', `/${id}/attempts`, `/${id}/events`]) {
      expectProblem(await call(`${path}?cursor=nowhere`, 'GET'), 400, 'invalid-request')
    }
  })
})

test('each change is in the audit', async () => {
  const { id } = await create()
  await call(`/${id}/rotate`, 'POST')
  await call(`/${id}/enable`, 'POST')
  await call(`/${id}/replay`, 'POST', { since: new Date().toISOString() })
  await call(`/${id}`, 'DELETE')
  await call('', 'POST', { url: 'http://producer.example.tw' })
  const answer = await admin.api.call(`${SMS}/audit?limit=6`, { key: adminKey })
  const told = AuditResponse.parse(answer.json).data.toReversed()
  expect(told.map(({ action, subject, outcome }) => [action, subject?.id ?? '', outcome])).toEqual([
    ['callback.create', id, 'ok'],
    ['callback.rotate', id, 'ok'],
    ['callback.enable', id, 'ok'],
    ['callback.replay', id, 'ok'],
    ['callback.delete', id, 'ok'],
    ['callback.create', '', 'callback-url-not-allowed'],
  ])
})
