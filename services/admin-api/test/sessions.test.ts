import { beforeAll, describe, expect, test } from '@jest/globals'
import { AuditResponse } from '@sms-gateway/contracts/audit'
import { SESSION_IDLE_SECONDS } from '@sms-gateway/db/sessions'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { type Console, signIn } from '../../all-in-one/test-support/console.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import { type Admin, KNOWN_MS, SMS, startAdmin } from './support.ts'

const SESSION = `${SMS}/session`
const ALL = ['send', 'read', 'templates', 'operate', 'privacy', 'admin']

const cleanUp = cleanUpAfterAll()
let admin: Admin
let boss: string
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
  boss = await addApiKey(admin.stores, { scopes: ALL })
})

const addKey = (scopes: readonly string[], client?: string) =>
  addApiKey(admin.stores, { scopes, ...(client !== undefined && { client }) })
const enter = async (scopes: readonly string[], client?: string) =>
  signIn(admin.api, await addKey(scopes, client))
const query = <Row extends object>(sql: string, values?: unknown[]) =>
  admin.stores.query<Row & Record<string, unknown>>(sql, values)
const keyOf = async (person: Console) => {
  const [row] = await query<{ key_id: string }>(
    'select key_id from session where token_hash = sha256($1)',
    [Buffer.from(person.cookie.replace('sms_session=', ''))],
  )
  if (!row) throw new Error('there is no such session')
  return row.key_id
}
const expectOut = async (person: Console) => {
  admin.pass(KNOWN_MS)
  expectProblem(await person.call(SESSION), 401, 'unauthorized')
}
const audits = async (filter: string) => {
  const { json } = await admin.api.call(`${SMS}/audit?${filter}`, { key: boss })
  return AuditResponse.parse(json).data
}

describe('a sign-in', () => {
  test('sets a cookie that no script reads, and keeps its hash alone', async () => {
    const key = await addKey(['read', 'operate'], 'shop')
    const person = await signIn(admin.api, key)
    expect(person.session).toMatchObject({
      name: 'shop',
      client: { name: 'shop' },
      role: 'operator',
      scopes: ['read', 'operate'],
      oidc: false,
      all_clients: false,
      may_unmask: true,
      idle_seconds: SESSION_IDLE_SECONDS,
    })
    const [, ...attributes] = person.setCookie.split('; ')
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Path=/api/v1', 'SameSite=Strict'])
    expect(person.cookie).toMatch(/^sms_session=[A-Za-z0-9_-]{43}$/)
    const token = person.cookie.replace('sms_session=', '')
    const kept = await admin.stores.dumpTables()
    for (const secret of [key, token, Buffer.from(token, 'base64url').toString('hex')]) {
      expect(kept.includes(secret)).toBe(false)
      expect(admin.log.join('').includes(secret)).toBe(false)
    }
    const who = await person.call(SESSION)
    expect([who.status, who.json]).toEqual([200, person.session])
    expect(who.headers.get('cache-control')).toBe('no-store')
    expect((await person.call(`${SMS}/providers`)).status).toBe(200)
  })

  test.each([
    ['https', true],
    ['http', false],
  ])('of a page over %s gives a cookie for https alone: %s', async (scheme, isSecure) => {
    const body = { api_key: await addKey(['read']) }
    const headers = { origin: admin.url.replace('http', scheme) }
    const answer = await admin.api.call(SESSION, { key: null, body, headers })
    expect(answer.status).toBe(200)
    expect((answer.headers.get('set-cookie') ?? '').includes('; Secure')).toBe(isSecure)
  })

  test('beyond twenty of a key ends the oldest', async () => {
    const key = await addKey(['read'])
    const first = await signIn(admin.api, key)
    const second = await signIn(admin.api, key)
    for (let count = 2; count <= 20; count++) await signIn(admin.api, key)
    const keyId = await keyOf(second)
    expect(await query('select 1 from session where key_id = $1', [keyId])).toHaveLength(20)
    // Never used, so no process knows it.
    expectProblem(await first.call(SESSION), 401, 'unauthorized')
    expect((await second.call(SESSION)).status).toBe(200)
  })

  test('gives a new session each time, and ends the one before', async () => {
    const key = await addKey(['read'])
    const first = await signIn(admin.api, key)
    const fixed = { cookie: `sms_session=${'A'.repeat(43)}` }
    const second = await admin.api.call(SESSION, {
      key: null,
      body: { api_key: key },
      headers: fixed,
    })
    expect(second.headers.get('set-cookie')).not.toContain('A'.repeat(43))
    expect((await admin.api.call(SESSION, { key: null, headers: fixed })).status).toBe(401)
    const third = await first.call(SESSION, { body: { api_key: key } })
    expect(third.headers.get('set-cookie')).not.toContain(first.cookie)
    expect((await first.call(SESSION)).status).toBe(401)
  })

  test('is refused the same way whatever is wrong with the key', async () => {
    const [revoked, expired] = [await addKey(['read']), await addKey(['read'])]
    await query('update api_key set revoked_at = now() where key_hash = sha256($1)', [revoked])
    await query('update api_key set expires_at = now() where key_hash = sha256($1)', [expired])
    const answers = []
    for (const api_key of ['sk_wrong', revoked, expired]) {
      const answer = await admin.api.call(SESSION, { key: null, body: { api_key } })
      expectProblem(answer, 401, 'unauthorized')
      expect(answer.headers.get('set-cookie')).toBeNull()
      answers.push(answer.text)
    }
    expect(new Set(answers).size).toBe(1)
    const refused = await audits('action=session.create&outcome=unauthorized')
    expect(refused.length).toBeGreaterThanOrEqual(3)
    expect(refused.every(({ key_id }) => key_id === null)).toBe(true)
  })

  test.each<[string, Record<string, string>]>([
    ['of another site', { origin: 'https://evil.example' }],
    ['of a neighbour', { 'sec-fetch-site': 'same-site' }],
  ])('from a page %s is refused', async (_where, headers) => {
    const answer = await admin.api.call(SESSION, { key: null, body: { api_key: boss }, headers })
    expectProblem(answer, 403, 'csrf')
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test('keeps to the addresses of its key', async () => {
    const key = await addKey(['read'])
    const person = await signIn(admin.api, key)
    expect((await person.call(SESSION)).status).toBe(200)
    await query(
      "update api_key set allowed_addresses = '{192.0.2.0/24}' where key_hash = sha256($1)",
      [key],
    )
    const again = await admin.api.call(SESSION, { key: null, body: { api_key: key } })
    expectProblem(again, 403, 'address-not-allowed')
    admin.pass(KNOWN_MS)
    for (const path of [`${SMS}/stats`, SESSION]) {
      expectProblem(await person.call(path), 403, 'address-not-allowed')
    }
  })
})

describe('a session', () => {
  test.each(['revoked_at = now()', 'expires_at = now()'])(
    'ends with its key: %s',
    async (change) => {
      const person = await enter(['read'])
      expect((await person.call(SESSION)).status).toBe(200)
      await query(`update api_key set ${change} where id = $1`, [await keyOf(person)])
      await expectOut(person)
    },
  )

  test('may do what its key may do now', async () => {
    const person = await enter(['read', 'operate'])
    expect((await person.call(`${SMS}/providers`)).status).toBe(200)
    await query("update api_key set scopes = '{read}' where id = $1", [await keyOf(person)])
    admin.pass(KNOWN_MS)
    expectProblem(await person.call(`${SMS}/providers`), 403, 'forbidden')
    expect((await person.call(SESSION)).json).toMatchObject({ role: 'viewer', may_unmask: false })
  })

  test.each(['expires_at = now()', "last_seen_at = now() - interval '61 minutes'"])(
    'is over: %s',
    async (change) => {
      const person = await enter(['read'])
      await query(`update session set ${change} where key_id = $1`, [await keyOf(person)])
      // Never used, so no process knows it.
      expectProblem(await person.call(SESSION), 401, 'unauthorized')
    },
  )

  test('is seen to be used, to the minute', async () => {
    const person = await enter(['read'])
    const keyId = await keyOf(person)
    await query(
      "update session set last_seen_at = now() - interval '50 minutes' where key_id = $1",
      [keyId],
    )
    await person.call(SESSION)
    await until('it is told', async () => {
      const [row] = await query<{ fresh: boolean }>(
        "select last_seen_at > now() - interval '1 minute' as fresh from session where key_id = $1",
        [keyId],
      )
      return row?.fresh === true
    })
  })

  test('is signed out at once, once, and audited', async () => {
    const person = await enter(['read'])
    const keyId = await keyOf(person)
    expect((await person.call(SESSION)).status).toBe(200)
    const out = await person.call(SESSION, { method: 'DELETE' })
    expect([out.status, out.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringMatching(/^sms_session=;.*1970/),
    ])
    expectProblem(await person.call(SESSION), 401, 'unauthorized')
    expectProblem(await person.call(SESSION, { method: 'DELETE' }), 401, 'unauthorized')
    expect(await query('select 1 from session where key_id = $1', [keyId])).toEqual([])
    const rows = await audits(`key_id=${keyId}`)
    expect(rows.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['session.delete', 'ok'],
      ['session.create', 'ok'],
    ])
  })

  test('is signed out with all others of its key, and of no other', async () => {
    const key = await addKey(['read'])
    const [one, two, other] = [
      await signIn(admin.api, key),
      await signIn(admin.api, key),
      await enter(['read']),
    ]
    const wrong = await one.call(`${SESSION}?all=yes`, { method: 'DELETE' })
    expectProblem(wrong, 400, 'invalid-request')
    expect((await two.call(SESSION)).status).toBe(200)
    expect((await one.call(`${SESSION}?all=true`, { method: 'DELETE' })).status).toBe(204)
    expectProblem(await one.call(SESSION), 401, 'unauthorized')
    await expectOut(two)
    expect((await other.call(SESSION)).status).toBe(200)
    // The key itself is as good as before.
    expect((await signIn(admin.api, key)).session.role).toBe('viewer')
  })

  test('changes things as its key would, and the audit says who', async () => {
    const person = await enter(['operate'])
    const keyId = await keyOf(person)
    const change = { method: 'PUT', body: { time_zone: 'Asia/Tokyo' } }
    expect((await person.call(`${SMS}/customers/c1`, change)).status).toBe(200)
    const [row] = await audits(`key_id=${keyId}&action=customer.change`)
    expect(row).toMatchObject({ subject: { kind: 'customer', id: 'c1' }, outcome: 'ok' })
    const foreign = await person.call(`${SMS}/customers/c1`, {
      ...change,
      headers: { origin: 'https://evil.example' },
    })
    expectProblem(foreign, 403, 'csrf')
    const bare = await admin.api.call(`${SMS}/customers/c1`, {
      ...change,
      key: null,
      headers: { cookie: person.cookie },
    })
    expectProblem(bare, 403, 'csrf')
  })

  test('looks at what stays open as often as it likes, and the audit says it once', async () => {
    const key = await addKey(['read', 'operate', 'send'])
    const person = await signIn(admin.api, key)
    const { e164 } = newPhone()
    const path = `${SMS}/conversations/${encodeURIComponent(e164)}`
    const look = (headers = {}) => person.call(path, { headers })
    const rows = async () => {
      const keyId = await keyOf(person)
      return (await audits(`key_id=${keyId}&action=conversation.read`)).map(
        ({ outcome }) => outcome,
      )
    }
    const answers = await Promise.all([look(), look(), look()])
    expect([...answers, await look()].map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await rows()).toEqual(['ok'])

    await look({ 'x-unmask': 'phone' })
    await look({ 'x-unmask': 'phone' })
    expect(await rows()).toEqual(['ok', 'ok', 'ok'])
    await person.call(`${SMS}/conversations/${encodeURIComponent(newPhone().e164)}`)
    expect(await rows()).toHaveLength(4)
    expectProblem(await person.call(`${path}?cursor=x`), 400, 'invalid-request')
    expectProblem(await person.call(`${path}?cursor=x`), 400, 'invalid-request')
    expect(await rows()).toHaveLength(6)
    await admin.api.call(path, { key })
    await admin.api.call(path, { key })
    expect(await rows()).toHaveLength(8)
  })

  test('is nothing that a key could say', async () => {
    expectProblem(await admin.api.call(SESSION), 401, 'unauthorized')
    expect((await admin.api.call(SESSION, { key: null })).status).toBe(401)
    const { json, status } = await admin.api.call(`${SESSION}/methods`, { key: null })
    expect([status, json]).toEqual([200, { oidc: false }])
  })
})

// Last: it uses up the tries of this address.
test('an address that tries many wrong keys is made to wait', async () => {
  // Its minute begins now.
  await query('delete from api_key_window')
  const tries = Array.from({ length: 30 }, (_, index) =>
    admin.api.call(SESSION, { key: null, body: { api_key: `sk_wrong_${index}` } }),
  )
  const answers = await Promise.all(tries)
  const limited = answers.filter(({ status }) => status === 429)
  expect(limited.length).toBeGreaterThanOrEqual(20)
  expectProblem(
    await admin.api.call(SESSION, { key: null, body: { api_key: boss } }),
    429,
    'too-many-requests',
  )
  expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
})
