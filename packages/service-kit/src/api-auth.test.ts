import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { type ApiClient, clientOf, createKeyCache, hashKey, requireScope } from './api-auth.ts'
import { createHttpApp } from './http-server.ts'
import { createLogger } from './logger.ts'
import { problemHandler } from './problem.ts'

const CLIENTS: Readonly<Record<string, ApiClient>> = {
  sender: { clientId: 'shop', keyId: 'k1', scopes: ['send'] },
  boss: { clientId: 'boss', keyId: 'k2', scopes: ['admin'] },
}

let server: TestServer
beforeAll(async () => {
  const authenticate = (key: string) =>
    key === 'broken' ? Promise.reject(new Error('away')) : Promise.resolve(CLIENTS[key])
  const app = createHttpApp()
  app.get('/send', requireScope(authenticate, 'send'), (_req, res) => {
    res.json(clientOf(res))
  })
  app.get('/open', (_req, res) => {
    res.json(clientOf(res))
  })
  app.use(problemHandler(createLogger('test', 'silent')))
  server = await openApp(app)
})
afterAll(() => server.close())

const ask = (authorization?: string, path = '/send') =>
  fetch(server.url + path, authorization === undefined ? {} : { headers: { authorization } })

test.each(['Bearer sender', 'bearer  sender'])(
  'lets a client with the scope pass: %s',
  async (h) => {
    const res = await ask(h)
    expect([res.status, await res.json()]).toEqual([200, CLIENTS['sender']])
  },
)

test.each([undefined, '', 'Basic sender', 'Bearer', 'Bearer a b', `Bearer ${'x'.repeat(300)}`])(
  'asks for a key when there is none that can be one: %s',
  async (authorization) => {
    const res = await ask(authorization)
    expect([res.status, res.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await res.json()).toMatchObject({ code: 'unauthorized' })
  },
)

test('answers 401 to a key that is none', async () => {
  const res = await ask('Bearer wrong')
  expect(res.status).toBe(401)
  expect(res.headers.get('www-authenticate')).toContain('invalid_token')
})

test('answers 403 with the scope that is missing; admin implies none', async () => {
  const res = await ask('Bearer boss')
  expect(res.status).toBe(403)
  expect(await res.json()).toMatchObject({
    code: 'forbidden',
    detail: expect.stringContaining('"send"'),
  })
})

test('is a 500 when the route has no requireScope, or the keys cannot be read', async () => {
  expect((await ask(undefined, '/open')).status).toBe(500)
  expect((await ask('Bearer broken')).status).toBe(500)
})

function createCounted(maxEntries = 10) {
  const loads: string[] = []
  let at = 0
  let away = false
  const find = createKeyCache<string>({
    ttlMs: 5_000,
    maxEntries,
    now: () => at,
    load(hash) {
      loads.push(hash)
      if (away) return Promise.reject(new Error('away'))
      return Promise.resolve(hash === hashKey('good') ? 'client' : undefined)
    },
  })
  const set = (change: { at?: number; away?: boolean }) => {
    at = change.at ?? at
    away = change.away ?? away
  }
  return { find, loads, set }
}

test.each([
  ['good', 'client'],
  ['wrong', undefined],
])('loads a %s key once in its time, by its hash', async (key, expected) => {
  const { find, loads, set } = createCounted()
  expect(await Promise.all([find(key), find(key)])).toEqual([expected, expected])
  set({ at: 4_999 })
  expect(await find(key)).toBe(expected)
  expect(loads).toEqual([hashKey(key)])
  set({ at: 5_000 })
  await Promise.all([find(key), find(key)])
  expect(loads).toHaveLength(2)
})

test('asks again after a failure', async () => {
  const { find, set } = createCounted()
  set({ away: true })
  await expect(find('good')).rejects.toThrow('away')
  set({ away: false })
  await expect(find('good')).resolves.toBe('client')
})

test('is bounded, and wrong keys push no good one out', async () => {
  const { find, loads } = createCounted(3)
  await find('good')
  for (let i = 0; i < 20; i++) await find(`wrong-${i}`)
  await find('good')
  expect(loads).toHaveLength(21)
  await find('wrong-19')
  expect(loads).toHaveLength(21)
  await find('wrong-0')
  expect(loads).toHaveLength(22)
})
