import { beforeAll, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { AuditResponse } from '@sms-gateway/contracts/audit'
import { openApiDocument } from '@sms-gateway/contracts/openapi'
import { addApiKey } from '../test-support/api-keys.ts'
import { describeEachBackend } from '../test-support/backends.ts'
import { createCampaigns } from '../test-support/campaigns.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { type Console, signIn } from '../test-support/console.ts'
import { newPhone } from '../test-support/people.ts'
import { post } from '../test-support/post.ts'
import { expectProblem } from '../test-support/problems.ts'
import { API_KEY } from '../test-support/settings.ts'
import { signTwilio } from '../test-support/signatures.ts'
import { until } from '../test-support/until.ts'
import { type Gateway, startGateway } from '../test-support/world.ts'

const SMS = '/api/v1/sms'
const UNMASK = { 'x-unmask': 'phone' }
const CODE = '482913'
/** Everything but `operate` and `admin`: whoever has it is a viewer. */
const VIEWER = ['read', 'send', 'templates', 'privacy']
/** What shows a number to a key. The test below finds no other, and none of these in vain. */
const SHOWING = [
  '/sms/consents/export',
  '/sms/consents/{phone}',
  '/sms/conversations/{phone}',
  '/sms/inbound',
  '/sms/logs',
  '/sms/logs?format=csv',
  '/sms/messages/{id}',
  '/sms/opt-outs',
  '/sms/opt-outs/export',
  '/sms/subjects/{phone}',
]

const person = newPhone()
const dashed = `${person.local.slice(0, 4)}-${person.local.slice(4, 7)}-${person.local.slice(7)}`
const FORMS = [person.local.slice(1), dashed]
const shows = (text: string) => FORMS.some((form) => text.includes(form))

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let viewer: Console
  let boss: Console
  let paths: { name: string; path: string }[]
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp)
    const { api, stores } = gateway
    // Of the client whose messages these are, so that it sees them.
    const key = await addApiKey(stores, { client: 'bootstrap', scopes: VIEWER })
    viewer = await signIn(api, key)
    boss = await signIn(api, await addApiKey(stores, { scopes: [...VIEWER, 'operate', 'admin'] }))
    paths = await fill(gateway)
  })

  test('a viewer sees no number in the answer of any GET route, and no code', async () => {
    const shown: string[] = []
    for (const { name, path } of paths) {
      const byKey = await gateway.api.call(path)
      const bySession = await viewer.call(path)
      if (byKey.status === 200 && shows(byKey.text)) shown.push(name)
      // `operate` and `admin` are beyond a viewer.
      if (bySession.status === 403 || name === '/sms/session') continue
      expect({ name, status: bySession.status }).toEqual({ name, status: byKey.status })
      expect({ name, leaks: shows(bySession.text) || bySession.text.includes(CODE) }).toEqual({
        name,
        leaks: false,
      })
      const byBoss = await boss.call(path)
      expect({ name, status: byBoss.status, leaks: shows(byBoss.text) }).toEqual({
        ...{ name, status: byKey.status },
        leaks: false,
      })
    }
    expect(shown.toSorted()).toEqual(SHOWING)
  })

  test('an answer is whole but for its numbers', async () => {
    const path = `${SMS}/logs?phone=${person.local}&message_type=notice`
    const [byKey, bySession] = [await gateway.api.call(path), await viewer.call(path)]
    const masked = byKey.text
      .replaceAll(person.e164, `${person.e164.slice(0, 7)}***${person.e164.slice(-3)}`)
      .replaceAll(dashed, `${dashed.slice(0, 6)}***${dashed.slice(-3)}`)
      .replaceAll(person.local, `${person.local.slice(0, 4)}***${person.local.slice(-3)}`)
    expect(JSON.parse(bySession.text)).toEqual(JSON.parse(masked))
    const length = Number(bySession.headers.get('content-length'))
    expect(length).toBe(Buffer.byteLength(bySession.text))
  })

  describe('numbers in full', () => {
    test('are for operators and admins, one request at a time, and each is in the audit', async () => {
      for (const { name, path } of paths.filter((each) => SHOWING.includes(each.name))) {
        expectProblem(await viewer.call(path, { headers: UNMASK }), 403, 'forbidden')
        const id = crypto.randomUUID()
        const answer = await boss.call(path, { headers: { ...UNMASK, 'x-request-id': id } })
        expect({ name, shows: shows(answer.text) }).toEqual({ name, shows: true })
        const rows = (await readAudit()).filter(({ request_id: request }) => request === id)
        expect(rows.map(({ action }) => action)).toContain('phone.unmask')
        const unmasking = rows.filter(({ action }) => action === 'phone.unmask')
        expect(unmasking).toHaveLength(1)
        expect(unmasking[0]?.subject?.id).toMatch(/^\/api\/v1\/sms\/[a-z:/-]+;numbers=(?:\d+|all)$/)
        expect(JSON.stringify(rows)).not.toContain(person.local.slice(1))
      }
      const before = await readAudit()
      await boss.call(`${SMS}/stats`, { headers: UNMASK })
      expect((await readAudit()).slice(0, before.length)).toEqual(before)
    })

    test('leave not before the audit is written', async () => {
      await gateway.stores.query('alter table audit rename to audit_away')
      try {
        for (const path of [`${SMS}/inbound`, `${SMS}/logs?format=csv`]) {
          const answer = await boss.call(path, { headers: UNMASK })
          expect([answer.status >= 500, shows(answer.text)]).toEqual([true, false])
        }
      } finally {
        await gateway.stores.query('alter table audit_away rename to audit')
      }
    })
  })

  test('a message is cancelled by cookie as by key, and not by a foreign page', async () => {
    const { api } = gateway
    const { id } = await api.send({
      phone: newPhone().local,
      message: 'later',
      schedule_at: new Date(Date.now() + 86_400_000).toISOString(),
    })
    const path = `${SMS}/messages/${id}/cancel`
    const foreign = { method: 'POST', headers: { origin: 'https://evil.example' } }
    expectProblem(await viewer.call(path, foreign), 403, 'csrf')
    const { cookie } = viewer
    expectProblem(
      await api.call(path, { method: 'POST', key: null, headers: { cookie } }),
      403,
      'csrf',
    )
    expect((await viewer.call(path, { method: 'POST' })).json).toMatchObject({
      status: 'cancelled',
    })
  })

  test('a session sees the data of its own client alone', async () => {
    const { api, stores } = gateway
    const stranger = await signIn(api, await addApiKey(stores, { scopes: [...VIEWER, 'operate'] }))
    const names = ['/sms/messages/{id}', '/sms/campaigns/{id}']
    const others = paths.filter(({ name }) => names.includes(name))
    expect(others).toHaveLength(2)
    for (const { path } of others) {
      expect((await api.call(path)).status).toBe(200)
      expect((await stranger.call(path, { headers: UNMASK })).status).toBe(404)
    }
    for (const path of [`${SMS}/logs`, `${SMS}/inbound`, `${SMS}/campaigns`]) {
      const { json } = await stranger.call(path, { headers: UNMASK })
      expect({ path, json }).toMatchObject({ path, json: { data: [] } })
    }
  })

  test.each([
    ['cut short', (cookie: string) => cookie.slice(0, -1)],
    ['made longer', (cookie: string) => `${cookie}A`],
    ['of zeros', () => `sms_session=${'A'.repeat(43)}`],
    ['put beside another', (cookie: string) => `sms_session=${'A'.repeat(43)}; ${cookie}`],
    ['of SQL', () => "sms_session=' or 1=1--"],
    ['that is an API key', () => `sms_session=${API_KEY}`],
    ['of 10 kB', () => `sms_session=${'A'.repeat(10_000)}`],
    ['of many', () => Array.from({ length: 500 }, () => 'sms_session=x').join('; ')],
  ])('a cookie %s is nobody', async (_what, change) => {
    const headers = { cookie: change(boss.cookie), 'x-sms-console': '1' }
    for (const path of [`${SMS}/logs`, `${SMS}/session`, `${SMS}/campaigns`, `${SMS}/queues`]) {
      expectProblem(await gateway.api.call(path, { key: null, headers }), 401, 'unauthorized')
    }
  })

  describe('the board of the queues', () => {
    const BOARD = `${SMS}/queues`

    test('is for admins, loads no script from elsewhere, and shows each lane and no person', async () => {
      const { api } = gateway
      expectProblem(await viewer.call(BOARD), 403, 'forbidden')
      expectProblem(await viewer.call(`${BOARD}/api/queues`), 403, 'forbidden')
      expectProblem(await api.call(BOARD, { key: null }), 401, 'unauthorized')
      const page = await boss.call(BOARD)
      expect([page.status, page.headers.get('content-type')]).toEqual([
        200,
        expect.stringContaining('text/html'),
      ])
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
      const scripts = [...page.text.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src]) => src)
      expect(page.text).toContain(`<base href="${BOARD}/"`)
      for (const src of scripts) {
        const script = await boss.call(`${BOARD}/${src}`)
        expect([script.status, script.text.length > 1_000]).toEqual([200, true])
      }
      expect(scripts.length).toBeGreaterThan(0)
      const queues = await boss.call(
        `${BOARD}/api/queues?activeQueue=dispatch-urgent&status=latest`,
      )
      expect({ status: queues.status, text: queues.text.slice(0, 200) }).toMatchObject({
        status: 200,
      })
      for (const lane of ['urgent', 'normal', 'bulk']) {
        expect(queues.text).toContain(`"dispatch-${lane}"`)
      }
      expect(shows(queues.text)).toBe(false)
    })

    test('changes nothing', async () => {
      for (const action of ['pause', 'empty', 'obliterate', 'clean/completed']) {
        const path = `${BOARD}/api/queues/dispatch-normal/${action}`
        expectProblem(await boss.call(path, { method: 'PUT' }), 405, 'method-not-allowed')
      }
      const put = { method: 'PUT', key: null, headers: { cookie: boss.cookie } }
      expectProblem(await gateway.api.call(`${BOARD}/api/queues/pause`, put), 403, 'csrf')
    })
  })

  const readAudit = async () => {
    const { json } = await gateway.api.call(`${SMS}/audit?limit=500`)
    return AuditResponse.parse(json).data.filter(({ action }) => action !== 'audit.read')
  }
})

/** A person in everything that a route can answer; the path of every GET route, with their data where it takes some. */
async function fill(gateway: Gateway): Promise<{ name: string; path: string }[]> {
  const { api, url } = gateway
  const { id } = await api.send({
    phone: person.local,
    message: `call ${dashed} or ${person.local}`,
    message_type: 'notice',
    metadata: { contact: person.local },
  })
  await api.untilStatus(id, 'delivered')
  const { id: otp } = await api.send({
    phone: person.local,
    message: `您的驗證碼是 ${CODE}`,
    message_type: 'otp',
  })
  await api.untilStatus(otp, 'delivered')
  await receiveText(gateway)
  const consent = { kind: 'marketing', granted: true, source: 'web', wording_version: '1' }
  const put = async (path: string, body: object) => {
    expect((await api.call(`${SMS}${path}`, { method: 'PUT', body })).status).toBeLessThan(300)
  }
  await put(`/consents/${person.local}`, consent)
  await put(`/opt-outs/${person.local}`, { kind: 'marketing' })
  await put('/keyword-answers/HOURS', { message: '9 to 5' })
  const campaigns = createCampaigns(url, api)
  const made = await campaigns.create({
    message: 'hello',
    recipients: [{ phone: person.local }],
  })
  // Two answers to one question are compared below: by then nothing changes any more.
  await campaigns.until(
    made.id,
    ({ status, counts }) => status === 'finished' && counts.by_status['delivered'] === 1,
  )
  const values: Record<string, string> = {
    phone: encodeURIComponent(person.e164),
    code: 'WELCOME',
    token: 'x',
    '/sms/messages/{id}': id,
    '/sms/customers/{id}': 'C-1',
    '/sms/campaigns/{id}': made.id,
  }
  const document = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(openApiDocument())
  const names = Object.entries(document.paths).flatMap(([name, methods]) =>
    // The stream of events has no end; ids and counts are all that its schema has.
    'get' in methods && name !== '/sms/events' ? [name] : [],
  )
  expect(names.length).toBeGreaterThan(25)
  return [...names, '/sms/logs?format=csv'].map((name) => {
    const path = name.replace(/\{(\w+)\}/g, (_whole, parameter: string) => {
      const prefix = Object.keys(values).find((each) => name.startsWith(each))
      return values[prefix ?? parameter] ?? crypto.randomUUID()
    })
    return { name, path: `/api/v1${path}` }
  })
}

async function receiveText({ url, stores }: Gateway): Promise<void> {
  const params = {
    ...{ MessageSid: `SM${'a'.repeat(32)}`, AccountSid: `AC${'0'.repeat(32)}` },
    ...{ From: person.e164, To: '+15005550006', Body: `mine is ${dashed}`, NumMedia: '0' },
  }
  const path = `${url}${SMS}/inbound/twilio`
  const answer = await post(path, new URLSearchParams(params).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': signTwilio(path, params),
  })
  expect(answer.status).toBe(200)
  await until('the text is applied', async () => {
    const rows = await stores.query(`select from inbound where state = 'applied'`)
    return rows.length === 1
  })
}
