import { beforeAll, describe, expect, test } from '@jest/globals'
import { ApiKeysResponse, NewApiKeyResponse } from '@sms-gateway/contracts/api-keys'
import type { CallOptions } from '../../all-in-one/test-support/api.ts'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import { type Admin, KNOWN_MS, SMS, startAdmin } from './support.ts'

const KEYS = `${SMS}/api-keys`
const DAY_MS = 86_400_000
const ALL = ['send', 'read', 'templates', 'operate', 'privacy', 'admin']

const cleanUp = cleanUpAfterAll()
let admin: Admin
let boss: string
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
  boss = await addApiKey(admin.stores, { scopes: ALL })
})

const call = (path: string, options: CallOptions = {}) =>
  admin.api.call(`${KEYS}${path}`, { key: boss, ...options })
const create = async (change: Record<string, unknown> = {}) => {
  const body = { name: 'a key', client_name: 'orders', scopes: ['read', 'operate'], ...change }
  const answer = await call('', { body })
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 })
  return NewApiKeyResponse.parse(answer.json)
}
const list = async (query = '') => ApiKeysResponse.parse((await call(query)).json)
const find = async (id: string) => (await list('?limit=500')).data.find((key) => key.id === id)
/** What the key is answered where `operate` is asked for. */
const use = (key: string, headers = {}) => admin.api.call(`${SMS}/providers`, { key, headers })
const expectRefused = async (key: string) => {
  admin.pass(KNOWN_MS)
  expectProblem(await use(key), 401, 'unauthorized')
}
const endNow = (id: string) =>
  admin.stores.query('update api_key set expires_at = now() where id = $1', [id])

describe('a key', () => {
  test('is shown once, works at once, and is kept as a hash', async () => {
    const made = await create({ name: 'shop', rate_per_minute: 1_000_000 })
    expect(made).toMatchObject({
      name: 'shop',
      client: { name: 'orders' },
      prefix: made.key.slice(0, 8),
      scopes: ['read', 'operate'],
      allowed_addresses: [],
      rate_per_minute: 1_000_000,
      rotated_from: null,
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
    })
    expect((await use(made.key)).status).toBe(200)
    const { key, ...shown } = made
    const used = await until('it is told that it was used', async () => {
      const found = await find(made.id)
      return found?.last_used_at !== null && found
    })
    expect(used).toMatchObject({ ...shown, last_used_at: expect.any(String) })
    expect(await admin.stores.dumpTables()).not.toContain(key)
    expect(await admin.stores.dumpTables()).not.toContain(Buffer.from(key).toString('hex'))
    expect(admin.log.join()).not.toContain(key)
  })

  test('belongs to the client of its name, made or there', async () => {
    const [one, two, other] = await Promise.all([
      create({ client_name: 'twins' }),
      create({ client_name: 'twins' }),
      create({ client_name: 'single' }),
    ])
    expect(one.client).toEqual(two.client)
    expect(other.client.id).not.toBe(one.client.id)
    const { data } = await list(`?client_id=${one.client.id}`)
    expect(data.map(({ id }) => id).toSorted()).toEqual([one.id, two.id].toSorted())
  })

  test('may do what its scopes say, and no more', async () => {
    const { key } = await create({ scopes: ['read'] })
    expect((await admin.api.call(`${SMS}/templates`, { key })).status).toBe(200)
    expectProblem(await use(key), 403, 'forbidden')
  })

  test('that is revoked is refused within 5 s, and revoked once', async () => {
    const { id, key } = await create()
    expect((await use(key)).status).toBe(200)
    expect((await call(`/${id}`, { method: 'DELETE' })).status).toBe(204)
    await expectRefused(key)
    const revokedAt = (await find(id))?.revoked_at
    expect(revokedAt).toBeTruthy()
    expect((await call(`/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await find(id))?.revoked_at).toBe(revokedAt)
  })

  test('ends at its time', async () => {
    const hour = new Date(Date.now() + 3_600_000).toISOString()
    const { id, key } = await create({ expires_at: hour })
    expect((await use(key)).status).toBe(200)
    await endNow(id)
    await expectRefused(key)
    const past = {
      name: 'x',
      client_name: 'x',
      scopes: ['read'],
      expires_at: '2026-01-01T00:00:00Z',
    }
    expectProblem(await call('', { body: past }), 422, 'expires-in-past')
  })

  test('tells when it was last used, to the minute', async () => {
    const { id, key } = await create()
    const before = Date.now()
    await use(key)
    const first = await until('it is told', async () => (await find(id))?.last_used_at ?? false)
    expect(Date.parse(first)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(first)).toBeLessThanOrEqual(Date.now())
    await use(key)
    await use(key)
    expect((await find(id))?.last_used_at).toBe(first)
  })

  test('works from its addresses alone', async () => {
    const here = await create({ allowed_addresses: ['127.0.0.0/8', '::1'] })
    expect((await use(here.key)).status).toBe(200)
    const elsewhere = await create({ allowed_addresses: ['192.0.2.0/24', '2001:db8::/32'] })
    const refused = await use(elsewhere.key, { 'x-forwarded-for': '192.0.2.1' })
    expect(expectProblem(refused, 403, 'address-not-allowed').detail).not.toMatch(/192|2001/)
  })
})

describe('rotation', () => {
  test('gives a successor with the same rights; both work until the old one ends', async () => {
    const old = await create({ rate_per_minute: 500, allowed_addresses: ['127.0.0.1'] })
    const answer = await call(`/${old.id}/rotate`, { body: { overlap_seconds: 3_600 } })
    const successor = NewApiKeyResponse.parse(answer.json)
    expect(successor).toMatchObject({
      name: old.name,
      client: old.client,
      scopes: old.scopes,
      allowed_addresses: ['127.0.0.1'],
      rate_per_minute: 500,
      rotated_from: old.id,
      expires_at: null,
    })
    expect([(await use(old.key)).status, (await use(successor.key)).status]).toEqual([200, 200])
    await endNow(old.id)
    await expectRefused(old.key)
    expect((await use(successor.key)).status).toBe(200)
    expectProblem(await call(`/${old.id}/rotate`, { method: 'POST' }), 409, 'api-key-not-active')
  })

  test('leaves a day by default, never more than the old one had, and keeps its length of life', async () => {
    const lasting = await create()
    const before = Date.now()
    await call(`/${lasting.id}/rotate`, { method: 'POST' })
    const end = Date.parse((await find(lasting.id))?.expires_at ?? '')
    expect(end).toBeGreaterThanOrEqual(before + DAY_MS)
    expect(end).toBeLessThanOrEqual(Date.now() + DAY_MS)

    const hour = new Date(Date.now() + 3_600_000).toISOString()
    const short = await create({ expires_at: hour })
    const life = Date.parse(hour) - Date.parse(short.created_at)
    const rotatedAfter = Date.now()
    const answer = await call(`/${short.id}/rotate`, { method: 'POST' })
    expect((await find(short.id))?.expires_at).toBe(hour)
    const newEnd = Date.parse(NewApiKeyResponse.parse(answer.json).expires_at ?? '')
    expect(newEnd).toBeGreaterThanOrEqual(rotatedAfter + life)
    expect(newEnd).toBeLessThanOrEqual(Date.now() + life)
  })
})

describe('who may', () => {
  test('admin alone, and nobody gives a scope that they lack', async () => {
    const { id } = await create({ scopes: ['privacy'] })
    const others = await addApiKey(admin.stores, { scopes: ALL.filter((s) => s !== 'admin') })
    const body = { name: 'x', client_name: 'x', scopes: ['read'] }
    for (const answer of [
      await call('', { key: others }),
      await call('', { key: others, body }),
      await call(`/${id}`, { key: others, method: 'DELETE' }),
      await call(`/${id}/rotate`, { key: others, method: 'POST' }),
    ]) {
      expectProblem(answer, 403, 'forbidden')
    }
    const plain = await addApiKey(admin.stores, { scopes: ['admin'] })
    const given = await call('', { key: plain, body })
    expect(expectProblem(given, 403, 'forbidden').detail).toContain('"read"')
    const taken = await call(`/${id}/rotate`, { key: plain, method: 'POST' })
    expect(expectProblem(taken, 403, 'forbidden').detail).toContain('"privacy"')
    expect((await find(id))?.revoked_at).toBeNull()
  })

  test.each(['no-id', '01a20000-0000-7000-8000-000000000000'])('finds no key %s', async (id) => {
    expectProblem(await call(`/${id}`, { method: 'DELETE' }), 404, 'api-key-not-found')
    expectProblem(await call(`/${id}/rotate`, { method: 'POST' }), 404, 'api-key-not-found')
  })
})

test.each([
  { scopes: [] },
  { scopes: ['read', 'read'] },
  { scopes: ['everything'] },
  { name: '' },
  { client_name: undefined },
  { allowed_addresses: ['example.org'] },
  { allowed_addresses: ['192.0.2.0/33'] },
  { rate_per_minute: 0 },
  { expires_at: 'tomorrow' },
  { key: 'sk_my_own_key_0000000' },
])('refuses %j', async (change) => {
  const body = { name: 'x', client_name: 'x', scopes: ['read'], ...change }
  expectProblem(await call('', { body }), 400, 'invalid-request')
})

test('lists keys page by page, newest first', async () => {
  const change = { client_name: 'paged' }
  const made = [await create(change), await create(change), await create(change)]
  const ofClient = `client_id=${made[0]?.client.id}`
  const first = await list(`?limit=2&${ofClient}`)
  const second = await list(`?limit=2&${ofClient}&cursor=${first.next_cursor ?? ''}`)
  const seen = [...first.data, ...second.data].map(({ id }) => id)
  expect(seen).toEqual(made.map(({ id }) => id).toReversed())
  expect(second.next_cursor).toBeNull()
  expectProblem(await call('?cursor=x'), 400, 'invalid-request')
})

test('each change is in the audit', async () => {
  const { id } = await create()
  await call(`/${id}/rotate`, { method: 'POST' })
  await call(`/${id}`, { method: 'DELETE' })
  const rows = await admin.stores.query<{ action: string; subject: string; outcome: string }>(
    'select action, subject, outcome from audit order by seq desc limit 3',
  )
  expect(rows.map(({ action, subject, outcome }) => [action, subject, outcome])).toEqual([
    ['api-key.revoke', id, 'ok'],
    ['api-key.rotate', id, 'ok'],
    ['api-key.create', id, 'ok'],
  ])
})
