import { beforeAll, describe, expect, test } from '@jest/globals'
import type { ProviderResponse } from '@sms-gateway/contracts/providers'
import {
  ProviderResponse as ProviderSchema,
  ProvidersResponse,
} from '@sms-gateway/contracts/providers'
import { addTallies } from '@sms-gateway/db/provider-minutes'
import { changeCircuit, storeBalance } from '@sms-gateway/db/provider-states'
import type { ProviderName } from '@sms-gateway/domain/provider'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import type { Admin } from './support.ts'
import { RESET_MS, SMS, startAdmin } from './support.ts'

const PROVIDERS = `${SMS}/providers`
const MINUTE = 60_000

const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

async function listProviders(): Promise<ProvidersResponse> {
  const answer = await admin.api.call(PROVIDERS)
  expect(answer.status).toBe(200)
  return ProvidersResponse.parse(answer.json)
}

async function findProvider(name: ProviderName): Promise<ProviderResponse | undefined> {
  return (await listProviders()).data.find((each) => each.name === name)
}

async function act(path: string, body?: unknown): Promise<ProviderResponse> {
  const answer = await admin.api.call(`${PROVIDERS}/${path}`, { method: 'POST', body })
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return ProviderSchema.parse(answer.json)
}

const openTwilio = (openedAt: Date) =>
  changeCircuit(admin.db, { provider: 'twilio', now: openedAt, actor: null }, () => ({
    state: 'open',
    failures: 3,
    openedAt,
    probeUntil: null,
    reason: 'unreachable: ECONNREFUSED',
  }))

test('a gateway that has sent nothing lists both providers, on and closed', async () => {
  const { data, next_cursor: cursor, events } = await listProviders()
  expect({ cursor, events }).toEqual({ cursor: null, events: [] })
  const untouched = {
    enabled: true,
    circuit: {
      state: 'closed',
      failures: 0,
      opened_at: null,
      probe_at: null,
      reason: 'no failure yet',
    },
    recent: {
      minutes: 10,
      attempts: 0,
      accepted: 0,
      success_rate: null,
      latency_ms_mean: null,
      latency_ms_max: null,
    },
    balance: null,
  }
  expect(data).toEqual([
    { name: 'twilio', ...untouched, limits: { per_second: 5, all_per_minute: 60 } },
    { name: 'chunghwa', ...untouched, limits: { per_second: 0, all_per_minute: 60 } },
  ])
})

test('counts the submissions of the last ten minutes, and shows the balance', async () => {
  const at = new Date()
  const tally = (outcome: string, minutesAgo: number, attempts: number, latencyMs: number) => ({
    provider: 'twilio' as const,
    minute: new Date(Math.floor(at.getTime() / MINUTE - minutesAgo) * MINUTE),
    outcome,
    attempts,
    latencyMs: attempts * latencyMs,
    latencyMsMax: latencyMs * 2,
  })
  await addTallies(admin.db, [
    tally('accepted', 0, 6, 100),
    tally('accepted', 5, 3, 100),
    tally('refused', 5, 1, 500),
    tally('accepted', 11, 1_000, 9_000),
  ])
  await storeBalance(admin.db, 'twilio', { amount: '12.50', currency: 'USD' }, at)
  expect(await findProvider('twilio')).toMatchObject({
    recent: {
      minutes: 10,
      attempts: 10,
      accepted: 9,
      success_rate: 0.9,
      latency_ms_mean: 140,
      latency_ms_max: 1_000,
    },
    balance: { amount: '12.50', currency: 'USD', at: at.toISOString() },
  })
  expect(await findProvider('chunghwa')).toMatchObject({ recent: { attempts: 0 }, balance: null })
})

describe('the levers', () => {
  test('switch a provider off and on, and tell who did it and why, once each', async () => {
    const reason = 'takes, does not deliver'
    expect(await act('chunghwa/disable', { reason })).toMatchObject({
      name: 'chunghwa',
      enabled: false,
    })
    await act('chunghwa/disable', { reason: 'again' })
    expect(await findProvider('twilio')).toMatchObject({ enabled: true })
    expect(await act('chunghwa/enable')).toMatchObject({ enabled: true })
    await act('chunghwa/enable')

    const { events } = await listProviders()
    expect(events.filter(({ provider }) => provider === 'chunghwa')).toEqual([
      {
        provider: 'chunghwa',
        at: expect.any(String),
        state: 'enabled',
        reason: 'by an operator',
        actor: admin.keyId,
      },
      {
        provider: 'chunghwa',
        at: expect.any(String),
        state: 'disabled',
        reason,
        actor: admin.keyId,
      },
    ])
  })

  test('close a circuit that is open, which says when it would have probed', async () => {
    const openedAt = new Date()
    await openTwilio(openedAt)
    expect((await findProvider('twilio'))?.circuit).toEqual({
      state: 'open',
      failures: 3,
      opened_at: openedAt.toISOString(),
      probe_at: new Date(openedAt.getTime() + RESET_MS).toISOString(),
      reason: 'unreachable: ECONNREFUSED',
    })

    const { circuit, enabled } = await act('twilio/reset', { reason: 'mended' })
    expect({ circuit, enabled }).toEqual({
      enabled: true,
      circuit: {
        state: 'closed',
        failures: 0,
        opened_at: null,
        probe_at: null,
        reason: 'reset: mended',
      },
    })
    await act('twilio/reset', { reason: 'once more' })
    const { events } = await listProviders()
    const ofTwilio = events.filter(({ provider }) => provider === 'twilio')
    expect(ofTwilio.map(({ state, reason, actor }) => [state, reason, actor])).toEqual([
      ['circuit closed', 'reset: mended', admin.keyId],
      ['circuit open', 'unreachable: ECONNREFUSED', null],
    ])
  })

  test('a circuit that is due to probe says no time', async () => {
    await openTwilio(new Date(Date.now() - RESET_MS - 1_000))
    expect((await findProvider('twilio'))?.circuit).toMatchObject({ state: 'open', probe_at: null })
    await act('twilio/reset')
  })

  test('a switch leaves the circuit alone, and a reset the switch', async () => {
    await openTwilio(new Date())
    await act('twilio/disable')
    expect(await act('twilio/enable')).toMatchObject({ circuit: { state: 'open' } })
    await act('twilio/disable')
    expect(await act('twilio/reset')).toMatchObject({
      enabled: false,
      circuit: { state: 'closed', reason: 'reset: by an operator' },
    })
    await act('twilio/enable')
  })
})

describe('refuses', () => {
  test.each([
    'pigeon/enable',
    'Twilio/enable',
    'twilio/explode',
    'twilio/ENABLE',
    'constructor/reset',
    'twilio/toString',
    '%00/enable',
  ])('what is no provider, or no action: %s', async (path) => {
    const answer = await admin.api.call(`${PROVIDERS}/${path}`, { method: 'POST' })
    expectProblem(answer, 404, 'provider-not-found')
  })

  test.each([
    ['an unknown field', { why: 'x' }, 'why'],
    ['a reason that is empty', { reason: '  ' }, 'reason'],
    ['a reason that is too long', { reason: 'x'.repeat(201) }, 'reason'],
    ['a reason that is a number', { reason: 7 }, 'reason'],
    ['null', null, ''],
    ['a list', [], ''],
  ])('%s, and changes nothing', async (_, body, path) => {
    const answer = await admin.api.call(`${PROVIDERS}/twilio/disable`, { method: 'POST', body })
    const { errors } = expectProblem(answer, 400, 'invalid-request')
    expect(errors?.map((error) => error.path)).toEqual([path])
    expect(await findProvider('twilio')).toMatchObject({ enabled: true })
  })

  test('whoever has no key, or one without the scope', async () => {
    const scopes = ['send', 'read', 'templates', 'privacy', 'admin']
    const key = await addApiKey(admin.stores, { scopes })
    const calls = [
      ['GET', PROVIDERS],
      ['POST', `${PROVIDERS}/twilio/disable`],
      ['POST', `${PROVIDERS}/twilio/explode`],
      ['GET', `${SMS}/customers/C-1`],
      ['PUT', `${SMS}/customers/C-1`],
    ] as const
    for (const [method, path] of calls) {
      expectProblem(await admin.api.call(path, { method, key }), 403, 'forbidden')
      expectProblem(await admin.api.call(path, { method, key: null }), 401, 'unauthorized')
    }
    expect(await findProvider('twilio')).toMatchObject({ enabled: true })
  })
})
