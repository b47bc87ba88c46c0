import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { LogsResponse } from '@sms-gateway/contracts/logs'
import { Phone } from '@sms-gateway/domain/phone'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { API_KEY } from '../../all-in-one/test-support/settings.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import {
  type NewMessage,
  type StoreArguments,
  storeMessage,
  storeMessages,
} from './store-message.ts'
import type { Admin } from './support.ts'
import { SMS, startAdmin } from './support.ts'

const LOGS = `${SMS}/logs`
const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

const store = (...given: StoreArguments) => storeMessage(admin, ...given)
const storeMany = (count: number, changes: Partial<NewMessage>) =>
  storeMessages(admin, count, changes)

async function list(query: Record<string, string>, key: string = API_KEY): Promise<LogsResponse> {
  const answer = await admin.api.call(`${LOGS}?${new URLSearchParams(query).toString()}`, { key })
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return LogsResponse.parse(answer.json)
}

async function idsOf(query: Record<string, string>, key?: string): Promise<string[]> {
  return (await list(query, key)).data.map(({ id }) => id)
}

test('lists a message as it was sent, newest first', async () => {
  const customer = randomUUID()
  const { local, e164 } = newPhone()
  const first = await store({ customerId: customer, phone: Phone.parse(e164) })
  const second = await store({ customerId: customer, text: 'second' })
  const { data, next_cursor: next } = await list({ customer_id: customer })
  expect(data.map(({ id, message }) => [id, message])).toEqual([
    [second, 'second'],
    [first, '【幸福氣】您的瓦斯已出貨'],
  ])
  expect(next).toBeNull()
  expect(data[1]).toMatchObject({ phone: e164, cost: { amount: '0.50', currency: 'TWD' } })
  expect(data[1]).not.toHaveProperty('events')
  expect(await idsOf({ phone: local })).toEqual([first])
  expect(await idsOf({ phone: e164 })).toEqual([first])
})

describe('a filter', () => {
  const campaign = randomUUID()
  const batch = randomUUID()
  const filters: [string, Record<string, string>, Partial<NewMessage>, Record<string, unknown>][] =
    [
      ['status', { status: 'failed' }, {}, { status: 'failed' }],
      ['a status that has no index of its own', { status: 'sent' }, {}, { status: 'sent' }],
      ['in_doubt', { in_doubt: 'true' }, {}, { status: 'sending', in_doubt: true }],
      ['message_type', { message_type: 'emergency' }, { messageType: 'emergency' }, {}],
      ['template_code', { template_code: 'rare' }, { templateCode: 'rare' }, {}],
      ['campaign_id', { campaign_id: campaign }, {}, { campaign_id: campaign }],
      ['batch_id', { batch_id: batch }, {}, { batch_id: batch }],
      ['provider', { provider: 'chunghwa' }, {}, { provider: 'chunghwa' }],
      [
        'two at once',
        { status: 'expired', message_type: 'otp' },
        { messageType: 'otp' },
        { status: 'expired' },
      ],
    ]

  test.each(filters)('by %s finds those alone', async (_what, query, changes, columns) => {
    const customerId = randomUUID()
    await store({ customerId })
    const id = await store({ customerId, ...changes }, columns)
    await store({ customerId })
    expect(await idsOf({ ...query, customer_id: customerId })).toEqual([id])
    expect(await idsOf(query)).toContain(id)
    expect((await idsOf({ ...query, limit: '1' })).length).toBe(1)
  })

  test('by in_doubt=false leaves out those in doubt', async () => {
    const customerId = randomUUID()
    await store({ customerId }, { status: 'sending', in_doubt: true })
    const clear = await store({ customerId })
    expect(await idsOf({ in_doubt: 'false', customer_id: customerId })).toEqual([clear])
  })

  test('by the provider lists a message once, however often it was tried there', async () => {
    const id = await store({}, { status: 'sent', provider: 'chunghwa' })
    await admin.stores.query(
      `insert into attempt select (jsonb_populate_record(a, '{"number": 2}')).* from attempt a where message_id = $1`,
      [id],
    )
    const other = await store({}, { status: 'sent', provider: 'twilio' })
    const ids = await idsOf({ provider: 'chunghwa' })
    expect(ids.filter((each) => each === id)).toEqual([id])
    expect(ids).not.toContain(other)
  })

  test('that nothing matches answers an empty page', async () => {
    expect(await list({ customer_id: randomUUID() })).toEqual({ data: [], next_cursor: null })
  })
})

describe('the days of SMS_TIMEZONE', () => {
  const customerId = randomUUID()
  const at = new Map<string, string>()
  beforeAll(async () => {
    for (const moment of [
      '2026-02-28T23:59:59.999+08:00',
      '2026-03-01T00:00:00.000+08:00',
      '2026-03-01T23:59:59.999+08:00',
      '2026-03-02T00:00:00.000+08:00',
    ]) {
      at.set(moment.slice(5, 19), await store({ customerId, createdAt: new Date(moment) }))
    }
  })

  test.each<[Record<string, string>, string[]]>([
    [{ start_date: '2026-03-01', end_date: '2026-03-01' }, ['03-01T23:59:59', '03-01T00:00:00']],
    [{ end_date: '2026-02-28' }, ['02-28T23:59:59']],
    [{ start_date: '2026-03-02' }, ['03-02T00:00:00']],
    [
      { start_date: '2026-02-28', end_date: '2026-03-01' },
      ['03-01T23:59:59', '03-01T00:00:00', '02-28T23:59:59'],
    ],
    [{ start_date: '2026-03-03' }, []],
  ])('%j', async (dates, moments) => {
    expect(await idsOf({ ...dates, customer_id: customerId })).toEqual(
      moments.map((moment) => at.get(moment)),
    )
  })
})

describe('who sees what', () => {
  test("another client's messages are not there, whatever is asked", async () => {
    const key = await addApiKey(admin.stores, { client: 'other', scopes: ['read'] })
    const { local, e164 } = newPhone()
    const mine = await store({ phone: Phone.parse(e164) })
    const theirs = await store({ client: 'other', phone: Phone.parse(e164) })
    expect(await idsOf({ phone: local }, key)).toEqual([theirs])
    expect(await idsOf({ phone: local })).toEqual([mine])
    expect(await idsOf({}, key)).toEqual([theirs])
    const csv = await admin.api.call(`${LOGS}?format=csv`, { key })
    expect(csv.text).toContain(theirs)
    expect(csv.text).not.toContain(mine)
    const all = await addApiKey(admin.stores, { scopes: ['read', 'admin'] })
    expect(await idsOf({ phone: local }, all)).toEqual([theirs, mine])
  })

  test('a key without the scope `read` is refused', async () => {
    const key = await addApiKey(admin.stores, { scopes: ['send', 'operate', 'admin'] })
    expectProblem(await admin.api.call(LOGS, { key }), 403, 'forbidden')
    expectProblem(await admin.api.call(LOGS, { key: null }), 401, 'unauthorized')
  })
})

describe('pages', () => {
  test('show each message once while others arrive', async () => {
    const customerId = randomUUID()
    const stored: string[] = []
    for (let index = 0; index < 7; index++) stored.unshift(await store({ customerId }))
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await list({
        customer_id: customerId,
        limit: '3',
        ...(cursor !== null && { cursor }),
      })
      seen.push(...page.data.map(({ id }) => id))
      cursor = page.next_cursor
      await store({ customerId })
    } while (cursor !== null)
    expect(seen).toEqual(stored)
  })

  test('hold at most 500, whatever is asked for', async () => {
    const customerId = randomUUID()
    const stored = await storeMany(501, { customerId })
    const first = await list({ customer_id: customerId, limit: '9999' })
    expect(first.data.length).toBe(500)
    const cursor = first.next_cursor ?? ''
    const rest = await list({ customer_id: customerId, limit: '9999', cursor })
    expect({ ids: rest.data.map(({ id }) => id), next: rest.next_cursor }).toEqual({
      ids: stored.slice(0, 1),
      next: null,
    })
  })
})

describe('as CSV', () => {
  test('comes whole, with each message once, and Excel reads it', async () => {
    const customerId = randomUUID()
    const stored = await storeMany(1_203, { customerId, text: '一,"二"\n三' })
    const answer = await admin.api.call(`${LOGS}?customer_id=${customerId}`, {
      headers: { accept: 'text/csv' },
    })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8',
    ])
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=messages.csv')
    const [header = '', ...lines] = answer.text.split('\r\n')
    expect(header).toMatch(/^id,created_at,status,phone,/)
    expect(lines.filter(Boolean).map((line) => line.slice(0, 36))).toEqual(stored.toReversed())
    expect(lines[0]).toContain('"一,""二""\n三"')
  })

  test('begins with the mark by which Excel knows UTF-8', async () => {
    const response = await fetch(`${admin.url}${LOGS}?format=csv&customer_id=${randomUUID()}`, {
      headers: { authorization: `Bearer ${API_KEY}` },
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf')
    expect(bytes.toString().split('\r\n').length).toBe(2)
  })

  test('holds no formula, and numbers as they are', async () => {
    const customerId = `=cmd|${randomUUID()}`
    const { e164 } = newPhone()
    await store({ customerId, phone: Phone.parse(e164), text: '@SUM(A1)' })
    const query = new URLSearchParams({ customer_id: customerId, format: 'csv' }).toString()
    const { text } = await admin.api.call(`${LOGS}?${query}`)
    expect(text).toContain(`,${e164},`)
    expect(text).toContain(`,'${customerId},`)
    expect(text).toContain(",'@SUM(A1),")
  })

  test('stops asking the database when its reader has gone', async () => {
    const customerId = randomUUID()
    await storeMany(3_000, { customerId, text: 'x'.repeat(4_000) })
    const reader = new AbortController()
    const response = await fetch(`${admin.url}${LOGS}?format=csv&customer_id=${customerId}`, {
      headers: { authorization: `Bearer ${API_KEY}` },
      signal: reader.signal,
    })
    await response.body?.getReader().read()
    const before = admin.log.length
    reader.abort()
    const line = await until('its line is in the log', () =>
      admin.log.slice(before).find((each) => each.includes('/sms/logs')),
    )
    expect(JSON.parse(line)).toMatchObject({ status: 499 })
  })
})

test('the audit says who has read and exported, and whose', async () => {
  const { local, e164 } = newPhone()
  await idsOf({ phone: local })
  await admin.api.call(`${LOGS}?format=csv&phone=${local}`)
  await admin.api.call(`${LOGS}?status=gone`)
  const rows = await admin.stores.query(
    'select action, subject_kind, subject, outcome from audit order by seq desc limit 3',
  )
  const subject = admin.vault.hash(e164).toString('hex')
  expect(rows.toReversed()).toEqual([
    { action: 'message.list', subject_kind: 'recipient', subject, outcome: 'ok' },
    { action: 'message.export', subject_kind: 'recipient', subject, outcome: 'ok' },
    { action: 'message.list', subject_kind: null, subject: null, outcome: 'invalid-request' },
  ])
})

describe('what is not a filter', () => {
  test.each<[string, string]>([
    ['a status that there is not', 'status=gone'],
    ['a provider that there is not', 'provider=acme'],
    ['a number that is none', 'phone=hello'],
    ['a landline code', 'phone=12'],
    ['a type in capitals', 'message_type=OTP'],
    ['a template with a blank', 'template_code=a%20b'],
    ['a customer with a NUL', 'customer_id=a%00b'],
    ['an empty customer', 'customer_id='],
    ['a campaign that is no UUID', 'campaign_id=1'],
    ['a batch that is no UUID', 'batch_id=x'],
    ['a doubtful doubt', 'in_doubt=perhaps'],
    ['a day that there is not', 'start_date=2026-02-30'],
    ['a moment for a day', 'end_date=2026-02-01T00:00:00Z'],
    ['days in the wrong order', 'start_date=2026-02-02&end_date=2026-02-01'],
    ['one filter twice', 'status=sent&status=failed'],
    ['a filter that there is not', 'colour=red'],
    ['a format that there is not', 'format=xml'],
    ['a cursor of another kind', 'cursor=abc'],
    ['no limit at all', 'limit=0'],
  ])('%s: 400', async (_what, query) => {
    const problem = expectProblem(await admin.api.call(`${LOGS}?${query}`), 400, 'invalid-request')
    expect(problem.errors?.length ?? 0).toBeGreaterThan(0)
  })

  test('is not repeated in the answer or the log', async () => {
    const { local } = newPhone()
    const answer = await admin.api.call(`${LOGS}?phone=${local}x`)
    expect(answer.text).not.toContain(local)
    await admin.api.call(`${LOGS}?phone=${local}`)
    expect(admin.log.join('')).not.toContain(local)
  })
})
