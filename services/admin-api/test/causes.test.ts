import { beforeAll, describe, expect, test } from '@jest/globals'
import { FailedResponse } from '@sms-gateway/contracts/failed'
import { LogsResponse } from '@sms-gateway/contracts/logs'
import { ProviderHistoryResponse } from '@sms-gateway/contracts/provider-history'
import { addTallies } from '@sms-gateway/db/provider-minutes'
import { changeCircuit, storeBalance, switchProvider } from '@sms-gateway/db/provider-states'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { storeMessage } from './store-message.ts'
import type { Admin } from './support.ts'
import { SMS, startAdmin } from './support.ts'

const MINUTE = 60_000
const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

async function get(path: string, key?: string): Promise<unknown> {
  const answer = await admin.api.call(`${SMS}${path}`, key === undefined ? {} : { key })
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return answer.json
}

describe('failed messages', () => {
  const list = async (query = '', key?: string) =>
    FailedResponse.parse(await get(`/failed${query}`, key))
  const fail = (code: string | null, columns: Record<string, unknown> = {}, days = 0) =>
    storeMessage(
      admin,
      { createdAt: new Date(Date.now() - days * 86_400_000) },
      {
        status: 'failed',
        error_code: code,
        error_detail: `it is ${code ?? 'nothing'}`,
        ...columns,
      },
    )

  test('are grouped by what went wrong and where, the largest group first', async () => {
    expect(await list()).toEqual({ data: [], has_more: false })
    const first = await fail('30003', { provider: 'twilio' })
    const second = await fail('30003', { provider: 'twilio', error_detail: 'the newest' })
    const other = await fail('30003', { provider: 'chunghwa' })
    const old = await fail(null, {}, 5)
    await storeMessage(admin, {}, { status: 'undelivered', error_code: '30003' })

    const { data } = await list()
    expect(data).toMatchObject([
      {
        ...{ error_code: '30003', provider: 'twilio', count: 2, error_detail: 'the newest' },
        sample_ids: [second, first],
      },
      { error_code: '30003', provider: 'chunghwa', count: 1, sample_ids: [other] },
      { error_code: null, provider: null, count: 1, sample_ids: [old] },
    ])
    expect(Object.keys(data[0] ?? {})).not.toContain('message_type')
    expect(Date.parse(data[0]?.oldest_at ?? '')).toBeLessThanOrEqual(
      Date.parse(data[0]?.newest_at ?? ''),
    )
    const byType = await list('?group_by=message_type')
    expect(byType.data).toMatchObject([{ message_type: 'order_confirmation', count: 4 }])
    expect(Object.keys(byType.data[0] ?? {})).not.toContain('error_code')
    const [day] = new Date(Date.now() - 36 * 3_600_000).toISOString().split('T')
    const recent = await list(`?start_date=${day ?? ''}&group_by=error_code`)
    expect(recent.data).toMatchObject([{ error_code: '30003', count: 3 }])

    // What was sent again, and what nobody can read any more, is none of them.
    await admin.stores.query(
      'insert into message_retry (message_id, retry_id, created_at) values ($1, gen_random_uuid(), now())',
      [first],
    )
    await admin.stores.query(`update message set recipient_cipher = '' where id = $1`, [other])
    expect((await list()).data.map(({ count }) => count)).toEqual([1, 1])
  })

  test('are those of the client alone, unless the key has admin', async () => {
    const own = await addApiKey(admin.stores, { scopes: ['read'] })
    const all = await addApiKey(admin.stores, { scopes: ['read', 'admin'] })
    expect((await list('', own)).data).toEqual([])
    expect((await list('', all)).data.length).toBeGreaterThan(0)
  })

  test.each(['group_by=phone', 'group_by=', 'start_date=2026-02-30', 'limit=5'])(
    '%s is refused',
    async (query) => {
      expectProblem(await admin.api.call(`${SMS}/failed?${query}`), 400, 'invalid-request')
    },
  )
})

describe('the history of a provider', () => {
  const read = async (query = '') =>
    ProviderHistoryResponse.parse(await get(`/providers/twilio/history${query}`))

  test('has each minute with what its submissions amounted to, and what changed and why', async () => {
    const now = new Date()
    const minute = (ago: number) => new Date(Math.floor(now.getTime() / MINUTE - ago) * MINUTE)
    const tally = (outcome: string, ago: number, attempts: number, latencyMs = 100) => ({
      ...{ provider: 'twilio' as const, minute: minute(ago), outcome, attempts },
      latencyMs: attempts * latencyMs,
      latencyMsMax: latencyMs,
    })
    await addTallies(admin.db, [
      ...[tally('accepted', 5, 8), tally('refused', 5, 1, 500), tally('in_doubt', 5, 1, 900)],
      ...[tally('delivered', 5, 6, 0), tally('throttled', 20, 2), tally('unsent', 20, 2)],
      tally('accepted', 300, 7),
      { ...tally('accepted', 5, 50), provider: 'chunghwa' },
    ])
    await changeCircuit(admin.db, { provider: 'twilio', now, actor: null }, () => ({
      ...{ state: 'open', failures: 3, openedAt: now, probeUntil: null },
      reason: 'unreachable: ECONNREFUSED',
    }))
    await switchProvider(
      admin.db,
      { provider: 'twilio', now: new Date(now.getTime() - 3 * 3_600_000), actor: null },
      false,
      'too old to be told',
    )
    const { data, events, step_minutes: step } = await read()
    expect({ step, length: data.length }).toEqual({ step: 1, length: 60 })
    expect(data.find(({ at }) => at === minute(5).toISOString())).toEqual({
      at: minute(5).toISOString(),
      ...{
        attempts: 10,
        accepted: 8,
        refused: 1,
        throttled: 0,
        unreachable: 0,
        in_doubt: 1,
        other: 0,
      },
      ...{ delivered: 6, undelivered: 0 },
      ...{ success_rate: 0.8, latency_ms_mean: 220, latency_ms_max: 900 },
    })
    expect(data.find(({ at }) => at === minute(20).toISOString())).toMatchObject({
      ...{ attempts: 4, throttled: 2, other: 2, success_rate: 0 },
    })
    expect(data.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(14)
    expect(events).toEqual([
      {
        ...{ provider: 'twilio', at: now.toISOString(), state: 'circuit open', actor: null },
        reason: 'unreachable: ECONNREFUSED',
      },
    ])

    const day = await read('?minutes=1440')
    expect({ step: day.step_minutes, length: day.data.length }).toEqual({ step: 15, length: 96 })
    expect(day.data.every(({ at }) => Date.parse(at) % (15 * MINUTE) === 0)).toBe(true)
    expect(day.data.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(21)
    expect(day.events).toHaveLength(2)
  })

  test("tells a client that only reads nothing of the operators' business", async () => {
    const now = new Date()
    const change = { provider: 'chunghwa' as const, now, actor: admin.keyId }
    await storeBalance(admin.db, 'chunghwa', { amount: '99.00', currency: 'TWD' }, now)
    await changeCircuit(admin.db, change, (circuit) => ({
      ...{ ...circuit, state: 'half_open' },
      reason: 'reset: we owe them money',
    }))
    await switchProvider(admin.db, change, false, 'we owe them money')
    const addKey = (...scopes: string[]) =>
      addApiKey(admin.stores, { client: 'tenant', scopes: ['read', ...scopes] })
    const reader = await addKey()
    const id = await storeMessage(admin, { client: 'tenant' })
    await admin.stores.query(
      `insert into attempt (message_id, number, provider, state, worker_id, opened_at)
       values ($1, 1, 'twilio', 'open', gen_random_uuid(), now() + interval '1 s')`,
      [id],
    )
    const paths = ['/overview', '/providers/chunghwa/history', `/messages/${id}/attempts`]
    const look = async (key: string) =>
      Promise.all(
        paths.map(async (path) => {
          const { status, text } = await admin.api.call(`${SMS}${path}`, { key })
          expect({ status, text }).toMatchObject({ status: 200 })
          return text
        }),
      )
    const hidden = ['we owe', admin.keyId, '99.00']
    for (const text of await look(reader)) {
      for (const each of hidden) expect(text).not.toContain(each)
    }
    for (const scope of ['operate', 'admin']) {
      const texts = await look(await addKey(scope))
      for (const text of texts) expect(text).toContain('we owe')
      expect(texts[0]).toContain('99.00')
      expect(texts[1]).toContain(admin.keyId)
    }
  })

  test('is for keys with read or operate, and of providers that there are', async () => {
    const key = await addApiKey(admin.stores, { scopes: ['send', 'templates', 'admin'] })
    const path = `${SMS}/providers/twilio/history`
    expectProblem(await admin.api.call(path, { key }), 403, 'forbidden')
    expectProblem(
      await admin.api.call(`${SMS}/providers/pigeon/history`),
      404,
      'provider-not-found',
    )
    for (const minutes of ['0', '10081', 'x', '1.5']) {
      expectProblem(await admin.api.call(`${path}?minutes=${minutes}`), 400, 'invalid-request')
    }
  })
})

test('a message in doubt says since when, and when its provider is asked again', async () => {
  const doubt = { status: 'sending', in_doubt: true }
  const asked = await storeMessage(admin, {}, { ...doubt, provider: 'twilio' })
  const held = await storeMessage(admin, {}, { ...doubt, provider: 'chunghwa' })
  const since = new Date(Date.now() - 7_000)
  const next = new Date(Date.now() + 13_000)
  await admin.stores.query(
    `update attempt set state = 'in_doubt', settled_at = $2, check_at = $3, checks = 1 where message_id = $1`,
    [asked, since, next],
  )
  await admin.stores.query(
    `update attempt set state = 'in_doubt', settled_at = $2 where message_id = $1`,
    [held, since],
  )
  const { data } = LogsResponse.parse(await get('/logs?in_doubt=true'))
  const common = { since: since.toISOString() }
  expect(data.map(({ id, doubt: of }) => [id, of])).toEqual([
    [held, { ...common, provider: 'chunghwa', policy: 'hold', next_check_at: null, checks: 0 }],
    [
      asked,
      {
        ...{ ...common, provider: 'twilio', policy: 'look-up', checks: 1 },
        next_check_at: next.toISOString(),
      },
    ],
  ])
  const other = await storeMessage(admin)
  const page = LogsResponse.parse(await get('/logs?limit=1'))
  expect([page.data[0]?.id, page.data[0]?.doubt]).toEqual([other, undefined])
})
