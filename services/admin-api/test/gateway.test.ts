import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import { GatewayResponse } from '@sms-gateway/contracts/gateway'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { signIn } from '../../all-in-one/test-support/console.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const cleanUp = cleanUpAfterAll()
let admin: Admin
let boss: string
let bossId: string | undefined
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
  boss = await addApiKey(admin.stores, { scopes: ['operate', 'admin'] })
  const [row] = await admin.stores.query<{ id: string }>(
    'select id from api_key where key_hash = sha256($1)',
    [boss],
  )
  bossId = row?.id
})

const call = async (path: string, body?: unknown) => {
  const answer = await admin.api.call(`${SMS}/gateway${path}`, {
    method: path === '' ? 'GET' : 'POST',
    body,
    key: boss,
  })
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return GatewayResponse.parse(answer.json)
}
const mayClaim = async () => {
  const paused = await admin.stores.query(`select from gateway_state where state = 'paused'`)
  return paused.length === 0
}

test('an operator stops everything, with a reason, and lets it go on', async () => {
  expect(await call('')).toMatchObject({ state: 'running', since: null, actor: null })
  const paused = await call('/pause', { reason: 'wrong texts' })
  expect(paused).toMatchObject({ state: 'paused', reason: 'wrong texts', actor: bossId })
  expect(paused.since).toBe(paused.paused_at)
  expect(await mayClaim()).toBe(false)
  expect(await call('/pause', { reason: 'me too' })).toEqual(paused)
  expect(await call('')).toEqual(paused)

  const resumed = await call('/resume')
  expect(resumed).toMatchObject({ state: 'running', paused_at: paused.paused_at })
  expect(resumed.since).toBe(resumed.resumed_at)
  expect(await mayClaim()).toBe(true)
  expect(await call('/resume', {})).toEqual(resumed)

  const again = await call('/pause', { reason: 'once more' })
  expect(again).toMatchObject({ state: 'paused', resumed_at: null })
  await call('/resume')
  const audited = await admin.stores.query<{ action: string }>(
    `select distinct action from audit where action like 'gateway.%' order by 1`,
  )
  expect(audited.map(({ action }) => action)).toEqual(['gateway.pause', 'gateway.resume'])
})

test.each([
  ['/pause', {}],
  ['/pause', { reason: '  ' }],
  ['/pause', { reason: 'x', until: '2026-01-01T00:00:00Z' }],
  ['/resume', { held: 'perhaps' }],
])('%s is refused with %j', async (path, body) => {
  expectProblem(
    await admin.api.call(`${SMS}/gateway${path}`, { body, key: boss }),
    400,
    'invalid-request',
  )
  expect(await mayClaim()).toBe(true)
})

test('asks for the scope operate', async () => {
  const key = await addApiKey(admin.stores, { client: randomUUID(), scopes: ['read', 'admin'] })
  for (const [path, method] of [
    ['', 'GET'],
    ['/pause', 'POST'],
    ['/resume', 'POST'],
  ] as const) {
    const body = method === 'POST' ? { reason: 'x' } : undefined
    const answer = await admin.api.call(`${SMS}/gateway${path}`, { method, body, key })
    expectProblem(answer, 403, 'forbidden')
  }
})

test('is pulled by nobody who acts for one client alone', async () => {
  const tenant = await addApiKey(admin.stores, { client: randomUUID(), scopes: ['operate'] })
  await call('/pause', { reason: 'restored' })
  const signedIn = await signIn(admin.api, tenant)
  for (const [path, body] of [
    ['/pause', { reason: 'x' }],
    ['/resume', { held: 'send' }],
  ] as const) {
    const url = `${SMS}/gateway${path}`
    expectProblem(await admin.api.call(url, { body, key: tenant }), 403, 'forbidden')
    expectProblem(await signedIn.call(url, { body }), 403, 'forbidden')
  }
  expect(await mayClaim()).toBe(false)
  expect((await admin.api.call(`${SMS}/gateway`, { key: tenant })).status).toBe(200)
  await call('/resume')
})
