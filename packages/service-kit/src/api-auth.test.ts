import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { type ApiClient, type Authenticate, clientOf, requireScope } from './api-auth.ts'
import { createHttpApp } from './http-server.ts'
import { createLogger } from './logger.ts'
import { problemHandler } from './problem.ts'

const CLIENTS: Readonly<Record<string, ApiClient>> = {
  sender: { clientId: 'shop', keyId: 'k1', scopes: ['send'] },
  boss: { clientId: 'boss', keyId: 'k2', scopes: ['admin'] },
}

const SESSIONS: Readonly<Record<string, ApiClient>> = {
  tokenOfAda: { clientId: 'ada', keyId: 'k3', scopes: ['send'] },
}

let server: TestServer
beforeAll(async () => {
  const authenticate: Authenticate = (credential) => {
    if (credential.kind === 'session') return Promise.resolve(SESSIONS[credential.token])
    const { key } = credential
    return key === 'broken' ? Promise.reject(new Error('away')) : Promise.resolve(CLIENTS[key])
  }
  const app = createHttpApp()
  app.get('/send', requireScope(authenticate, 'send'), (_req, res) => {
    res.json(clientOf(res))
  })
  app.post('/send', requireScope(authenticate, 'send'), (_req, res) => {
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

describe('a cookie', () => {
  const COOKIE = 'theme=dark; sms_session=tokenOfAda'
  const who = async (headers: Record<string, string>, method = 'GET') => {
    const res = await fetch(`${server.url}/send`, { method, headers })
    const answer: unknown = await res.json()
    return [res.status, answer] as const
  }
  const ADA = SESSIONS['tokenOfAda']

  test('says who it is where no key does', async () => {
    expect(await who({ cookie: COOKIE })).toEqual([200, ADA])
    expect(await who({ cookie: COOKIE, authorization: 'Basic YTpi' })).toEqual([200, ADA])
    expect(await who({ cookie: COOKIE, authorization: 'Bearer sender' })).toEqual([
      200,
      CLIENTS['sender'],
    ])
    for (const authorization of ['Bearer wrong', 'Bearer', 'bearer a b']) {
      expect((await who({ cookie: COOKIE, authorization }))[0]).toBe(401)
    }
  })

  test.each([
    'sms_session=',
    'sms_session=other',
    'xsms_session=tokenOfAda',
    'sms_session="tokenOfAda"',
    'sms_session=tokenOfAda; sms_session=tokenOfAda',
    `sms_session=${'x'.repeat(5_000)}`,
  ])('is nobody: %.40s', async (cookie) => {
    expect((await who({ cookie }))[0]).toBe(401)
  })

  test.each<[Record<string, string>, number]>([
    [{}, 403],
    [{ 'x-sms-console': '0' }, 403],
    [{ 'x-sms-console': '1' }, 200],
    [{ 'x-sms-console': '1', 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'x-sms-console': '1', 'sec-fetch-site': 'same-site' }, 403],
    [{ 'x-sms-console': '1', 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'x-sms-console': '1', 'sec-fetch-site': 'none' }, 403],
    [{ 'x-sms-console': '1', origin: 'OWN' }, 200],
    [{ 'x-sms-console': '1', origin: 'https' }, 200],
    [{ 'x-sms-console': '1', origin: 'http://evil.example' }, 403],
    [{ 'x-sms-console': '1', origin: 'http://127.0.0.1:1' }, 403],
    [{ 'x-sms-console': '1', origin: 'null' }, 403],
    [{ 'x-sms-console': '1', origin: 'OWN', 'sec-fetch-site': 'cross-site' }, 403],
  ])('changes something from a page of ours alone: %j', async (headers, status) => {
    const origins: Record<string, string> = {
      OWN: server.url,
      https: server.url.replace('http:', 'https:'),
    }
    const { origin, ...rest } = headers
    const from = origin === undefined ? {} : { origin: origins[origin] ?? origin }
    const [answered, body] = await who({ cookie: COOKIE, ...rest, ...from }, 'POST')
    expect(answered).toBe(status)
    if (status === 403) expect(body).toMatchObject({ code: 'csrf' })
    // A key proves by itself that no foreign page made the request.
    expect((await who({ authorization: 'Bearer sender', ...rest, ...from }, 'POST'))[0]).toBe(200)
  })
})
