import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { StatsResponse } from '@sms-gateway/contracts/stats'
import { foldStats } from '@sms-gateway/db/fold-stats'
import { addDays, dayOf } from '@sms-gateway/domain/local-days'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { API_KEY } from '../../all-in-one/test-support/settings.ts'
import { storeMessage } from './store-message.ts'
import type { Admin } from './support.ts'
import { SMS, startAdmin } from './support.ts'

const STATS = `${SMS}/stats`
const TAIPEI = 'Asia/Taipei'
const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

async function read(query: Record<string, string>, key: string = API_KEY): Promise<StatsResponse> {
  await foldStats(admin.db, { timeZone: TAIPEI })
  const answer = await admin.api.call(`${STATS}?${new URLSearchParams(query).toString()}`, { key })
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return StatsResponse.parse(answer.json)
}

const on = (day: string) => ({ start_date: day, end_date: day })

test('tells what became of a day, with its cost and how long deliveries took', async () => {
  const createdAt = new Date('2026-04-01T10:00:00+08:00')
  const sentAt = new Date('2026-04-01T10:00:01+08:00')
  const deliver = (seconds: number) => ({
    status: 'delivered',
    provider: 'twilio',
    sent_at: sentAt,
    delivered_at: new Date(sentAt.getTime() + seconds * 1_000),
  })
  const two = { createdAt, segments: 2, costMilli: 1_000 }
  for (const seconds of [1, 2, 3, 40]) await storeMessage(admin, two, deliver(seconds))
  await storeMessage(admin, two, { status: 'undelivered', provider: 'twilio', sent_at: sentAt })
  await storeMessage(admin, two, { status: 'failed' })
  await storeMessage(admin, two, { status: 'suppressed' })
  await storeMessage(admin, two)
  const { totals, data, ...rest } = await read(on('2026-04-01'))
  expect(rest).toEqual({ start_date: '2026-04-01', end_date: '2026-04-01', next_cursor: null })
  const { delivery_seconds: seconds, ...figures } = totals
  expect(figures).toEqual({
    total: 8,
    sent: 5,
    delivered: 4,
    failed: 2,
    success_rate: 0.6667,
    segments: 10,
    cost: { amount: '5.00', currency: 'TWD' },
  })
  expect(Math.abs((seconds?.p50 ?? 0) / 2 - 1)).toBeLessThan(0.02)
  expect(Math.abs((seconds?.p95 ?? 0) / 40 - 1)).toBeLessThan(0.02)
  expect(data).toEqual([{ group: { day: '2026-04-01' }, ...totals }])
})

test('a day without messages has totals of nothing', async () => {
  const { totals, data } = await read(on('2020-01-01'))
  expect(data).toEqual([])
  expect(totals).toMatchObject({ total: 0, success_rate: null, delivery_seconds: null })
})

test('days and hours are those of SMS_TIMEZONE, newest first', async () => {
  for (const moment of ['2026-05-01T23:59:59.999+08:00', '2026-05-02T00:00:00+08:00']) {
    await storeMessage(admin, { createdAt: new Date(moment) })
  }
  const groups = async (query: Record<string, string>) =>
    (await read(query)).data.map(({ group, total }) => ({ ...group, total }))
  const both = { start_date: '2026-05-01', end_date: '2026-05-02' }
  expect(await groups(both)).toEqual([
    { day: '2026-05-02', total: 1 },
    { day: '2026-05-01', total: 1 },
  ])
  expect(await groups({ ...both, group_by: 'hour' })).toEqual([
    { hour: '2026-05-01T16:00:00Z', total: 1 },
    { hour: '2026-05-01T15:00:00Z', total: 1 },
  ])
  expect(await groups(on('2026-05-02'))).toEqual([{ day: '2026-05-02', total: 1 }])
  expect(await groups({ ...on('2026-05-01'), group_by: 'hour' })).toEqual([
    { hour: '2026-05-01T15:00:00Z', total: 1 },
  ])
})

test('without dates they are those of the last thirty days', async () => {
  const before = dayOf(new Date(), TAIPEI)
  const dates = async (query: Record<string, string>) => {
    const { start_date: start, end_date: end } = await read(query)
    return [start, end]
  }
  const [first, last] = await dates({})
  // It may be midnight just now.
  expect([before, dayOf(new Date(), TAIPEI)]).toContain(last)
  expect(first).toBe(addDays(last ?? '', -29))
  expect(await dates({ end_date: '2026-03-01' })).toEqual(['2026-01-31', '2026-03-01'])
  const [since, until] = await dates({ start_date: '2026-03-01' })
  expect([since, until && until >= before]).toEqual(['2026-03-01', true])
})

describe('by a thing', () => {
  const campaignId = randomUUID()
  beforeAll(async () => {
    const createdAt = new Date('2026-06-01T12:00:00+08:00')
    const sent = { status: 'sent', provider: 'chunghwa', sent_at: createdAt }
    await storeMessage(admin, { createdAt, messageType: 'otp', customerId: 'C-1' })
    const made = { templateCode: 'welcome', templateVersion: 1, variant: 'B' }
    await storeMessage(admin, { createdAt, customerId: 'C-2', ...made }, sent)
    await storeMessage(admin, { createdAt, customerId: 'C-2', campaignId }, sent)
  })

  test.each<[string, Record<string, unknown>[]]>([
    [
      'provider',
      [
        { provider: null, total: 1 },
        { provider: 'chunghwa', total: 2 },
      ],
    ],
    [
      'message_type',
      [
        { message_type: 'order_confirmation', total: 2 },
        { message_type: 'otp', total: 1 },
      ],
    ],
    [
      'template',
      [
        { template_code: null, total: 2 },
        { template_code: 'welcome', total: 1 },
      ],
    ],
    [
      'variant',
      [
        { template_code: null, variant: null, total: 2 },
        { template_code: 'welcome', variant: 'B', total: 1 },
      ],
    ],
    [
      'campaign',
      [
        { campaign_id: null, total: 2 },
        { campaign_id: campaignId, total: 1 },
      ],
    ],
    [
      'customer',
      [
        { customer_id: 'C-1', total: 1 },
        { customer_id: 'C-2', total: 2 },
      ],
    ],
  ])('%s', async (group, expected) => {
    const { data, totals } = await read({ ...on('2026-06-01'), group_by: group })
    expect(data.map(({ group: key, total }) => ({ ...key, total }))).toMatchObject(expected)
    expect(data.length).toBe(expected.length)
    expect(totals.total).toBe(3)
  })

  test.each(['variant', 'customer', 'hour', 'campaign'])('%s comes page by page', async (group) => {
    const whole = await read({ ...on('2026-06-01'), group_by: group })
    const seen: unknown[] = []
    let cursor: string | null = null
    do {
      const page = await read({
        ...on('2026-06-01'),
        group_by: group,
        limit: '1',
        ...(cursor !== null && { cursor }),
      })
      expect(page.data.length).toBe(1)
      expect(page.totals).toEqual(whole.totals)
      seen.push(...page.data)
      cursor = page.next_cursor
    } while (cursor !== null)
    expect(seen).toEqual(whole.data)
  })
})

test("another client's messages are in nobody's figures but their own and an admin's", async () => {
  const key = await addApiKey(admin.stores, { client: 'other', scopes: ['read'] })
  const all = await addApiKey(admin.stores, { scopes: ['read', 'admin'] })
  const createdAt = new Date('2026-07-01T12:00:00+08:00')
  await storeMessage(admin, { createdAt, customerId: 'same' })
  await storeMessage(admin, { createdAt, customerId: 'same', client: 'other' })
  await storeMessage(admin, { createdAt, customerId: 'same', client: 'other' })
  for (const group of ['day', 'hour', 'provider']) {
    const totals = async (as: string) => {
      const { data, totals: sum } = await read({ ...on('2026-07-01'), group_by: group }, as)
      return [data.map(({ total }) => total), sum.total]
    }
    expect(await totals(API_KEY)).toEqual([[1], 1])
    expect(await totals(key)).toEqual([[2], 2])
    expect(await totals(all)).toEqual([[3], 3])
  }
  const { data } = await read({ ...on('2026-07-01'), group_by: 'customer' }, all)
  expect(data.map(({ total }) => total).toSorted()).toEqual([1, 2])
})

test('a key without the scope `read` is refused', async () => {
  const key = await addApiKey(admin.stores, { scopes: ['send', 'operate', 'admin'] })
  expectProblem(await admin.api.call(STATS, { key }), 403, 'forbidden')
  expectProblem(await admin.api.call(STATS, { key: null }), 401, 'unauthorized')
})

test('a cursor does not say where it stands, and is of this gateway alone', async () => {
  const customerId = '+886912345678'
  const createdAt = new Date('2026-08-01T12:00:00+08:00')
  for (const each of [customerId, '+886987654321']) {
    await storeMessage(admin, { createdAt, customerId: each })
  }
  const query = { ...on('2026-08-01'), group_by: 'customer', limit: '1' }
  const { data, next_cursor: cursor } = await read(query)
  expect(data).toMatchObject([{ group: { customer_id: customerId } }])
  expect(Buffer.from(cursor ?? '', 'base64url').toString('latin1')).not.toContain('912345678')
  const { client_id: clientId } = data[0]?.group ?? {}
  const old = cursorOf([clientId, customerId])
  const params = new URLSearchParams({ ...query, cursor: old }).toString()
  expectProblem(await admin.api.call(`${STATS}?${params}`), 400, 'invalid-request')
})

const cursorOf = (keys: unknown) => Buffer.from(JSON.stringify(keys)).toString('base64url')
test.each<[string, string]>([
  ['a group that there is not', 'group_by=colour'],
  ['two groups', 'group_by=day&group_by=hour'],
  ['a day that there is not', 'start_date=2026-02-30'],
  ['a year before all', 'start_date=0000-01-01'],
  ['days in the wrong order', 'start_date=2026-02-02&end_date=2026-02-01'],
  ['a filter of the logs', 'status=sent'],
  ['no limit at all', 'limit=0'],
  ['a cursor of nothing', 'cursor=abc'],
])('%s: 400', async (_what, query) => {
  await expectRefusal(query)
})

test.each<[string, string, unknown]>([
  ['a cursor of another group', 'group_by=day', ['a', 'b']],
  ['a cursor that is no day', 'group_by=day', ['2026-02-30']],
  ['a cursor that is no hour', 'group_by=hour', ['2026-02-01T25:00:00Z']],
  ['a cursor that is no id', 'group_by=campaign', ['x']],
  ['a cursor with a NUL', 'group_by=provider', ['a\0']],
  ['a cursor of numbers', 'group_by=provider', [1]],
])('%s: 400', async (_what, query, keys) => {
  const cursor = admin.vault.seal(JSON.stringify(keys), 'stats-cursor')
  await expectRefusal(`${query}&cursor=${cursor.toString('base64url')}`)
})

async function expectRefusal(query: string): Promise<void> {
  const answer = await admin.api.call(`${STATS}?${query}`)
  const problem = expectProblem(answer, 400, 'invalid-request')
  expect(problem.errors?.length ?? 0).toBeGreaterThan(0)
}
