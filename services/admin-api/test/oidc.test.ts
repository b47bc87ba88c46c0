import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { AuditResponse } from '@sms-gateway/contracts/audit'
import { SessionResponse } from '@sms-gateway/contracts/session'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { CLIENT, type Issuer, startIssuer } from './oidc-issuer.ts'
import { type Admin, KNOWN_MS, SMS, startAdmin } from './support.ts'

const SESSION = `${SMS}/session`
const PUBLIC_URL = 'https://sms.example.com'

const cleanUp = cleanUpAfterAll()
let issuer: Issuer
let admin: Admin
let boss: string
const optionsFor = (url: string) => ({
  ...{ ...CLIENT, issuer: url, publicUrl: PUBLIC_URL, rolesClaim: 'realm.roles' },
  roles: { admin: ['sms-admins'], operator: ['sms-operators'], viewer: ['sms-viewers', 'staff'] },
})
beforeAll(async () => {
  issuer = await startIssuer(cleanUp)
  admin = await startAdmin(cleanUp, { oidc: optionsFor(issuer.url) })
  boss = await addApiKey(admin.stores, { scopes: ['admin', 'read'] })
})
let count = 0
const person = (roles: unknown, claims = {}) => ({
  claims: { sub: `u-${++count}`, name: 'Ada 王', realm: { roles }, ...claims },
})
beforeEach(() => {
  issuer.says = person(['sms-operators'])
  issuer.hang = false
})

const get = (url: string, cookie = '') =>
  fetch(url, { redirect: 'manual', headers: { cookie, accept: 'text/html' } })
const cookieOf = (res: Response, name: string) =>
  res.headers.getSetCookie().find((each) => each.startsWith(`${name}=`)) ?? ''
const pairOf = (setCookie: string) => setCookie.split(';')[0] ?? ''

/** As a browser does it, up to the issuer's answer. */
async function begin() {
  const started = await get(`${admin.url}${SESSION}/oidc`)
  const flow = cookieOf(started, 'sms_sign_in')
  const asked = new URL(started.headers.get('location') ?? '')
  const back = new URL((await get(asked.href)).headers.get('location') ?? '')
  return { started, flow, asked, back }
}
const finish = (back: URL, cookie: string) =>
  get(`${admin.url}${back.pathname}${back.search}`, cookie)
async function signIn() {
  const { flow, back } = await begin()
  const res = await finish(back, pairOf(flow))
  const setCookie = cookieOf(res, 'sms_session')
  const cookie = pairOf(setCookie)
  const call = (path: string, options = {}) =>
    admin.api.call(path, { key: null, headers: { cookie, 'x-sms-console': '1' }, ...options })
  return { res, location: res.headers.get('location'), setCookie, flow, back, call }
}
const audits = async () => {
  const { json } = await admin.api.call(`${SMS}/audit?action=session.create`, { key: boss })
  return AuditResponse.parse(json).data
}

describe('a sign-in by OIDC', () => {
  test.each([
    [['sms-viewers'], 'viewer', ['read']],
    ['staff', 'viewer', ['read']],
    [['x', 'sms-operators', 'staff'], 'operator', ['send', 'read', 'templates', 'operate']],
    [['staff', 'sms-admins'], 'admin', expect.arrayContaining(['admin', 'privacy'])],
  ])('with the roles %j is a %s', async (roles, role, scopes) => {
    issuer.says = person(roles)
    const { location, setCookie, flow, call } = await signIn()
    expect(location).toBe('/')
    expect(setCookie).toMatch(
      /^sms_session=[\w-]{43}; Path=\/api\/v1; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(flow).toMatch(/Path=\/api\/v1\/sms\/session\/oidc; .*HttpOnly; Secure; SameSite=Lax$/)
    const session = SessionResponse.parse((await call(SESSION)).json)
    expect(session).toMatchObject({
      ...{ name: 'Ada 王', client: { name: 'console' }, role, scopes, oidc: true },
      all_clients: true,
      may_unmask: role !== 'viewer',
    })
    expect((await call(`${SMS}/logs`)).status).toBe(200)
    const [row] = await audits()
    expect(row).toMatchObject({ outcome: 'ok', client_id: session.client.id })
    expect(row?.key_id).not.toBeNull()
    expect((await admin.api.call(`${SESSION}/methods`, { key: null })).json).toEqual({ oidc: true })
  })

  test('asks for a code with PKCE, state and nonce, and comes back to the public address', async () => {
    const { asked, started } = await begin()
    expect(started.status).toBe(303)
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: CLIENT.clientId,
      redirect_uri: `${PUBLIC_URL}${SESSION}/oidc/callback`,
      response_type: 'code',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/.{20}/),
      nonce: expect.stringMatching(/.{20}/),
    })
    const cookie = cookieOf(started, 'sms_sign_in')
    expect(Buffer.from(pairOf(cookie), 'base64url').toString()).not.toContain(
      asked.searchParams.get('state'),
    )
  })

  test('finds roles and name at the issuer’s user info where the token has none', async () => {
    issuer.says = {
      claims: { sub: 'quiet' },
      userInfo: { realm: { roles: ['staff'] }, preferred_username: 'ada' },
    }
    const { call } = await signIn()
    expect((await call(SESSION)).json).toMatchObject({ name: 'ada', role: 'viewer' })
  })

  test('is one person each time, whose role follows the issuer’s', async () => {
    const first = await signIn()
    expect((await first.call(SESSION)).json).toMatchObject({ role: 'operator' })
    issuer.says = { claims: { ...issuer.says.claims, realm: { roles: ['staff'] }, name: 'Ada B.' } }
    await signIn()
    admin.pass(KNOWN_MS)
    const narrowed = SessionResponse.parse((await first.call(SESSION)).json)
    expect(narrowed).toMatchObject({ role: 'viewer', name: 'Ada B.' })
    const subject = issuer.says.claims['sub']
    const rows = await admin.stores.query('select id from api_key where oidc_subject = $1', [
      subject,
    ])
    expect(rows).toHaveLength(1)
    issuer.says = { claims: { ...issuer.says.claims, realm: { roles: [] } } }
    expect((await signIn()).location).toBe('/?error=no_role')
    admin.pass(KNOWN_MS)
    expectProblem(await first.call(`${SMS}/logs`), 403, 'forbidden')
  })

  test('is refused to whose access was revoked here, and has no secret to rotate', async () => {
    await signIn()
    const [key] = await admin.stores.query<{ id: string }>(
      'select id from api_key where oidc_subject = $1',
      [issuer.says.claims['sub']],
    )
    const path = `${SMS}/api-keys/${key?.id}`
    // To rotate takes the scopes of the key too.
    const all = await addApiKey(admin.stores, {
      scopes: ['send', 'read', 'templates', 'operate', 'admin'],
    })
    const rotated = await admin.api.call(`${path}/rotate`, { method: 'POST', key: all })
    expectProblem(rotated, 409, 'api-key-not-active')
    expect((await admin.api.call(path, { method: 'DELETE', key: boss })).status).toBe(204)
    expect((await signIn()).location).toBe('/?error=revoked')
  })

  test.each([[[]], [['others']], [undefined], [[{ name: 'sms-admins' }]], ['SMS-ADMINS']])(
    'without a role is refused: %j',
    async (roles) => {
      issuer.says = person(roles)
      const { location, setCookie } = await signIn()
      expect([location, setCookie]).toEqual(['/?error=no_role', ''])
      expect((await audits())[0]).toMatchObject({ outcome: 'no_role', key_id: null })
    },
  )
})

describe('what does not hold is refused', () => {
  const giveBack = () => admin.stores.query('delete from api_key_window')
  beforeEach(giveBack)

  test('a state of another sign-in', async () => {
    const [mine, theirs] = [await begin(), await begin()]
    const res = await finish(theirs.back, pairOf(mine.flow))
    expect([res.headers.get('location'), cookieOf(res, 'sms_session')]).toEqual([
      '/?error=failed',
      '',
    ])
  })

  test.each(['', 'sms_sign_in=AAAA', 'sms_sign_in=eyJzdGF0ZSI6IngifQ'])(
    'a callback of a browser that began none: %j',
    async (cookie) => {
      const { back } = await begin()
      const res = await finish(back, cookie)
      expect(res.headers.get('location')).toBe('/?error=expired')
    },
  )

  test('a code a second time, and the cookie is taken back', async () => {
    const { flow, back, res } = await signIn()
    expect(cookieOf(res, 'sms_sign_in')).toMatch(/^sms_sign_in=;.*1970/)
    const again = await finish(back, pairOf(flow))
    expect(again.headers.get('location')).toBe('/?error=failed')
  })

  test.each<[string, Record<string, unknown>]>([
    ['another nonce', { nonce: 'x' }],
    ['no nonce', { nonce: undefined }],
    ['another audience', { aud: 'another' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['a token of yesterday', { exp: 1_600_000_000, iat: 1_600_000_000 - 60 }],
  ])('%s', async (_what, change) => {
    issuer.says.change = change
    const { location, setCookie } = await signIn()
    expect([location, setCookie]).toEqual(['/?error=failed', ''])
  })

  test('the issuer’s own refusal', async () => {
    const { flow, back } = await begin()
    const query = `?error=access_denied&state=${back.searchParams.get('state')}`
    const res = await finish(new URL(query, back), pairOf(flow))
    expect(res.headers.get('location')).toBe('/?error=failed')
  })

  const callBack = (cookie = '') =>
    Promise.all(
      Array.from({ length: 20 }, () => get(`${admin.url}${SESSION}/oidc/callback?code=x`, cookie)),
    )

  test('a callback that another site asks for, at no cost to its address', async () => {
    const before = await audits()
    for (const { headers } of await callBack())
      expect(headers.get('location')).toBe('/?error=expired')
    expect(await audits()).toEqual(before)
    expect((await signIn()).location).toBe('/')
  })

  test('many of them from one address', async () => {
    const { flow } = await begin()
    const results = await callBack(pairOf(flow))
    expect(results.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10)
    await giveBack()
  })
})

test('an operator pauses and resumes the gateway, a viewer does not', async () => {
  const pull = async () => {
    const { call } = await signIn()
    const paused = await call(`${SMS}/gateway/pause`, { body: { reason: 'x' } })
    const resumed = await call(`${SMS}/gateway/resume`, { body: {} })
    return [paused.status, resumed.status]
  }
  expect(await pull()).toEqual([200, 200])
  issuer.says = person(['staff'])
  expect(await pull()).toEqual([403, 403])
})

test('an issuer that is away or hangs is a sentence, and keeps no key from signing in', async () => {
  const dead = await startIssuer(cleanUp)
  const away = await startAdmin(cleanUp, { oidc: optionsFor(dead.url) })
  const key = await addApiKey(away.stores, { scopes: ['read'] })
  const ask = (headers = {}) => away.api.call(`${SESSION}/oidc`, { key: null, headers })
  dead.hang = true
  const answers = await Promise.all([ask(), ask()])
  for (const answer of answers) expectProblem(answer, 503, 'sign-in-unavailable')
  // Whoever comes together asks it once.
  expect(dead.asked).toHaveLength(1)
  dead.hang = false
  // It is asked again, and from then on known.
  const browser = await get(`${away.url}${SESSION}/oidc`)
  expect(browser.headers.get('location')).toContain('/authorize?')
  const callback = new URL(browser.headers.get('location') ?? '')
  await dead.close()
  const state = callback.searchParams.get('state') ?? ''
  const cookie = pairOf(cookieOf(browser, 'sms_sign_in'))
  const res = await get(`${away.url}${SESSION}/oidc/callback?code=x&state=${state}`, cookie)
  expect(res.headers.get('location')).toBe('/?error=unavailable')
  const body = { api_key: key }
  expect((await away.api.call(SESSION, { key: null, body })).status).toBe(200)
})
