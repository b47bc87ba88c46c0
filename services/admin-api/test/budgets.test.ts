import { beforeAll, expect, test } from '@jest/globals'
import { BudgetResponse, BudgetsResponse } from '@sms-gateway/contracts/budgets'
import { MOST_BUDGETS } from '@sms-gateway/db/change-budgets'
import type { Budget } from '@sms-gateway/domain/budget'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { noonZone } from '../../all-in-one/test-support/noon-zone.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { API_KEY } from '../../all-in-one/test-support/settings.ts'
import { storeMessage } from './store-message.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const BUDGETS = `${SMS}/budgets`
/** As `SMS_DAILY_BUDGET=5.00` makes it. */
const ENVIRONMENT: Budget = {
  ...{ scope: 'client', clientId: null, key: '', period: 'day', unit: 'money', hard: true },
  amount: 5_000,
}
const DAILY = { scope: 'client', period: 'day', unit: 'messages' }
const MONEY = { ...DAILY, unit: 'money' }

const cleanUp = cleanUpAfterAll()
let admin: Admin
let boss: string
beforeAll(async () => {
  admin = await startAdmin(cleanUp, { budgets: [ENVIRONMENT], timeZone: noonZone() })
  boss = await addApiKey(admin.stores, { scopes: ['admin'] })
})

const put = (key: string, body: Record<string, unknown>) =>
  admin.api.call(BUDGETS, { method: 'PUT', key, body })
const set = async (key: string, body: Record<string, unknown>) => {
  const answer = await put(key, body)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return BudgetResponse.parse(answer.json)
}
const remove = (key: string, { id }: BudgetResponse) =>
  admin.api.call(`${BUDGETS}/${id}`, { method: 'DELETE', key })
const list = async (key: string) =>
  BudgetsResponse.parse((await admin.api.call(BUDGETS, { key })).json).data
const newClient = async () => {
  const key = await addApiKey(admin.stores, { scopes: ['operate'] })
  const own = await set(key, { ...DAILY, hard: false, amount: 1_000 })
  return { key, clientId: own.client_id ?? '', soft: own }
}
const expectLoosens = (answer: Awaited<ReturnType<typeof put>>, amount: string) => {
  expectProblem(answer, 403, 'forbidden')
  expect(answer.text).toContain(`A budget of ${amount} holds now`)
}

test('a client makes its own budget stricter, and never looser', async () => {
  const { key } = await newClient()
  const first = await set(key, { ...DAILY, amount: 10 })
  expect(first).toMatchObject({ hard: true, set_by_admin: false, state: 'active' })
  expect((await set(key, { ...DAILY, amount: 9 })).id).toBe(first.id)
  expectLoosens(await put(key, { ...DAILY, amount: 10 }), '9')
  expectProblem(await remove(key, first), 403, 'forbidden')
  expect((await list(key)).find(({ id }) => id === first.id)).toMatchObject({ amount: 9 })
  await set(boss, { ...DAILY, client_id: first.client_id, amount: 20 })
  expect((await remove(boss, first)).status).toBe(204)
})

test('what an admin has set for it, a client neither raises nor removes, soft or hard', async () => {
  const { key, clientId } = await newClient()
  const soft = { ...MONEY, hard: false, client_id: clientId }
  const warned = await set(boss, { ...soft, amount: '10' })
  expect(warned.set_by_admin).toBe(true)
  expectLoosens(await put(key, { ...soft, amount: '11' }), '10.00')
  // Lower it may be, and it stays the admin's.
  expect(await set(key, { ...soft, amount: '8' })).toMatchObject({ set_by_admin: true })
  expectProblem(await remove(key, warned), 403, 'forbidden')
})

test('a client does not go before what holds for each, of the environment or set', async () => {
  const { key } = await newClient()
  expectLoosens(await put(key, { ...MONEY, amount: '5.01' }), '5.00')
  await set(key, { ...MONEY, amount: '5.00' })
  const customer = { ...DAILY, scope: 'customer', customer_id: 'C-77' }
  await set(boss, { ...customer, client_id: null, amount: 3 })
  expectLoosens(await put(key, { ...customer, amount: 4 }), '3')
  expectLoosens(await put(key, { ...customer, customer_id: '*', amount: 4 }), '3')
  await set(key, { ...customer, amount: 3 })
})

test('what a client has asked to be told of itself, it changes and removes', async () => {
  const { key, soft } = await newClient()
  expect(await set(key, { ...DAILY, hard: false, amount: 2_000 })).toMatchObject({ id: soft.id })
  expect((await remove(key, soft)).status).toBe(204)
})

test('of two changes at once, a client never undoes what an admin has just done', async () => {
  for (let round = 0; round < 8; round++) {
    const { key, clientId } = await newClient()
    await set(boss, { ...DAILY, client_id: clientId, amount: 100 })
    await Promise.all([
      put(key, { ...DAILY, amount: 90 }),
      put(boss, { ...DAILY, client_id: clientId, amount: 10 }),
    ])
    const hard = (await list(key)).find((each) => each.hard)
    expect(hard?.amount).toBe(10)
  }
})

test('a client has no more budgets than fit into every process', async () => {
  const { key, clientId } = await newClient()
  await admin.stores.query(
    `insert into budget (id, scope, client_id, key, period, unit, hard, amount, created_at, updated_at)
     select gen_random_uuid(), 'customer', $1, 'K-' || n, 'day', 'messages', true, 1, now(), now()
     from generate_series(1, $2::int) n`,
    [clientId, MOST_BUDGETS - 1],
  )
  const customer = { ...DAILY, scope: 'customer' }
  expectProblem(
    await put(key, { ...customer, customer_id: 'new', amount: 1 }),
    409,
    'too-many-budgets',
  )
  await set(key, { ...customer, customer_id: 'K-1', amount: 0 })
})

test('one that is set in the middle of a day begins with what was accepted, and with the marks passed', async () => {
  for (let count = 0; count < 4; count++) await storeMessage(admin, { customerId: 'C-mid' })
  await storeMessage(admin, { customerId: 'C-other' })
  const own = { ...DAILY, scope: 'customer', customer_id: 'C-mid', amount: 5 }
  expect(await set(API_KEY, own)).toMatchObject({ state: 'active' })
  const ours = async () => (await list(API_KEY)).find((each) => each.customer_id === 'C-mid')
  expect(await ours()).toMatchObject({
    used: 4,
    alerts: [{ percent: 50 }, { percent: 80 }],
  })
  // Lowered, it is past the last mark of its new amount; set again, nothing is told twice.
  await set(API_KEY, { ...own, amount: 4 })
  await set(API_KEY, { ...own, amount: 4 })
  expect((await ours())?.alerts.map(({ percent }) => percent)).toEqual([50, 80, 100])
})
