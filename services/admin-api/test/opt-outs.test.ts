import { beforeAll, describe, expect, test } from '@jest/globals'
import { OptOutResponse, OptOutsResponse } from '@sms-gateway/contracts/opt-outs'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const OPT_OUTS = `${SMS}/opt-outs`

const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

const put = (phone: string, body?: unknown) =>
  admin.api.call(`${OPT_OUTS}/${encodeURIComponent(phone)}`, {
    method: 'PUT',
    ...(body !== undefined && { body }),
  })
const lift = (phone: string, query = '') =>
  admin.api.call(`${OPT_OUTS}/${encodeURIComponent(phone)}${query}`, { method: 'DELETE' })

async function list(query = ''): Promise<OptOutsResponse> {
  const answer = await admin.api.call(`${OPT_OUTS}${query}`)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return OptOutsResponse.parse(answer.json)
}

describe('an opt-out', () => {
  test('is put, found as the number is written everywhere, and lifted', async () => {
    const { local, e164 } = newPhone()
    const answer = await put(`${local.slice(0, 4)}-${local.slice(4)}`, { reason: 'called us' })
    expect(answer.status).toBe(200)
    const expected = {
      phone: e164,
      channel: 'sms',
      kind: 'all',
      source: 'operator',
      reason: 'called us',
    }
    expect(OptOutResponse.parse(answer.json)).toMatchObject(expected)
    expect((await list()).data[0]).toMatchObject(expected)

    // What came first stays: it is the evidence.
    const again = await put(e164, { reason: 'called again' })
    expect(again.json).toEqual(answer.json)
    expect((await lift(e164)).status).toBe(204)
    expectProblem(await lift(e164), 404, 'opt-out-not-found')
  })

  test('needs no body; one of marketing is another than one of all', async () => {
    const { e164 } = newPhone()
    expect((await put(e164)).json).toMatchObject({ kind: 'all', reason: null })
    expect((await put(e164, { kind: 'marketing' })).json).toMatchObject({ kind: 'marketing' })
    expect((await lift(e164)).status).toBe(204)
    expect((await lift(e164, '?kind=marketing')).status).toBe(204)
  })

  test('of a country that we do not send to is kept all the same', async () => {
    expect((await put('+14155552671')).json).toMatchObject({ phone: '+14155552671' })
  })

  test.each([
    ['12345', 422, 'phone-invalid'],
    ['+886212345678', 422, 'phone-invalid'],
    ['undefined', 422, 'phone-invalid'],
  ])('of %s is refused', async (phone, status, code) => {
    expectProblem(await put(phone), status, code)
    expectProblem(await lift(phone), status, code)
  })

  test.each([
    [{ kind: 'everything' }],
    [{ channel: 'fax' }],
    [{ reason: '' }],
    [{ reason: 'x'.repeat(201) }],
    [{ reason: 'a\0b' }],
    [{ source: 'keyword' }],
    [[]],
  ])('is refused with the body %j', async (body) => {
    expectProblem(await put(newPhone().e164, body), 400, 'invalid-request')
  })

  test('is in the audit by the hash of its number, and no log has the number', async () => {
    const { e164 } = newPhone()
    await put(e164)
    const hash = admin.vault.hash(e164).toString('hex')
    const rows = await admin.stores.query<{ action: string; outcome: string }>(
      'select action, outcome from audit where subject = $1',
      [hash],
    )
    expect(rows).toEqual([{ action: 'opt-out.add', outcome: 'ok' }])
    expect(admin.log.join('\n')).not.toContain(e164.slice(4))
    expect(await admin.stores.dumpTables()).not.toContain(e164.slice(4))
  })
})

describe('the list', () => {
  test('is paged, newest first, each once', async () => {
    await admin.stores.query('delete from opt_out')
    const phones = Array.from({ length: 5 }, () => newPhone().e164)
    for (const phone of phones) await put(phone)
    const seen: (string | null)[] = []
    for (let query: string | undefined = '?limit=2'; query !== undefined;) {
      const page: OptOutsResponse = await list(query)
      seen.push(...page.data.map(({ phone }) => phone))
      query = page.next_cursor === null ? undefined : `?limit=2&cursor=${page.next_cursor}`
    }
    expect(seen).toEqual(phones.toReversed())
  })

  test('is filtered by kind, channel and source', async () => {
    const { e164 } = newPhone()
    await put(e164, { kind: 'marketing' })
    const marketing = await list('?kind=marketing&channel=sms&source=operator')
    expect(marketing.data.map(({ phone }) => phone)).toContain(e164)
    expect((await list('?source=link')).data).toEqual([])
  })

  test.each(['?kind=x', '?cursor=abc', '?cursor=-1', '?limit=0', '?channel=fax'])(
    'refuses %s',
    async (query) => {
      expectProblem(await admin.api.call(`${OPT_OUTS}${query}`), 400, 'invalid-request')
    },
  )
})

describe('who may', () => {
  test.each([
    [['send', 'read', 'templates', 'admin'], 403],
    [['operate'], 200],
    [['privacy'], 200],
  ])('a key with %j gets %d', async (scopes, status) => {
    const key = await addApiKey(admin.stores, { scopes })
    for (const path of [OPT_OUTS, `${OPT_OUTS}/export`, `${SMS}/consents/export`]) {
      expect((await admin.api.call(path, { key })).status).toBe(status)
    }
    const phone = newPhone().e164
    const answers = await Promise.all([
      admin.api.call(`${OPT_OUTS}/${phone}`, { key, method: 'PUT' }),
      admin.api.call(`${SMS}/consents/${phone}`, { key }),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([status, status])
  })

  test('no key gets 401', async () => {
    expectProblem(await admin.api.call(OPT_OUTS, { key: null }), 401, 'unauthorized')
  })
})
