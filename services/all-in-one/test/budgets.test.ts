import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from '@jest/globals'
import { BudgetResponse, BudgetsResponse } from '@sms-gateway/contracts/budgets'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { connectDatabase, type Db } from '@sms-gateway/db/connect'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import { addApiKey } from '../test-support/api-keys.ts'
import type { Campaigns } from '../test-support/campaigns.ts'
import { createCampaigns } from '../test-support/campaigns.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { noonZone } from '../test-support/noon-zone.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { expectProblem } from '../test-support/problems.ts'
import { until } from '../test-support/until.ts'
import type { Gateway } from '../test-support/world.ts'
import { startGateway } from '../test-support/world.ts'

const SMS = '/api/v1/sms'
/** A change holds within a second of the clock that the gateway reads too. */
const IN_FORCE_MS = 1_200

const cleanUp = cleanUpAfterAll()
let gateway: Gateway
let campaigns: Campaigns
let db: Db
beforeAll(async () => {
  gateway = await startGateway('postgres', cleanUp, { env: { SMS_TIMEZONE: noonZone() } })
  campaigns = createCampaigns(gateway.url, gateway.api)
  db = connectDatabase({ url: gateway.stores.databaseUrl, poolSize: 2 })
  cleanUp(() => db.destroy())
})

const ask = (body: Record<string, unknown>, key?: string) => {
  const options = { method: 'PUT', body: { period: 'day', unit: 'messages', ...body } }
  return gateway.api.call(`${SMS}/budgets`, { ...options, ...(key !== undefined && { key }) })
}
const put = async (body: Record<string, unknown>, key?: string) => {
  const answer = await ask(body, key)
  await sleep(IN_FORCE_MS)
  return answer
}
const list = async (key?: string) => {
  const answer = await gateway.api.call(`${SMS}/budgets`, key === undefined ? {} : { key })
  return BudgetsResponse.parse(answer.json).data
}
const expectWhole = async () => {
  expect((await verifyLedger(db)).differences).toEqual([])
}

test('a campaign whose budget runs out pauses, says why, and goes on with the rest', async () => {
  const type = 'spring_sale'
  const of = { scope: 'message_type', message_type: type }
  const set = BudgetResponse.parse((await put({ ...of, amount: 4 })).json)
  expect(set).toMatchObject({ message_type: type, amount: 4, hard: true })
  const recipients = Array.from({ length: 10 }, () => ({ phone: newPhone().local }))
  const message = newText()
  const { id } = await campaigns.create({ message, message_type: type, recipients })
  const paused = await campaigns.untilStatus(id, 'paused')
  expect(paused).toMatchObject({ counts: { handed: 4, pending: 6 } })
  expect(JSON.stringify(paused)).toContain('budget-exhausted')
  expect((await list()).find((each) => each.id === set.id)).toMatchObject({
    used: 4,
    alerts: [{ percent: 50 }, { percent: 80 }, { percent: 100 }],
  })

  await put({ ...of, amount: 100 })
  expect((await campaigns.act(id, 'resume')).status).toBe(200)
  await campaigns.until(id, ({ counts }) => counts.by_status['delivered'] === 10)
  await expectWhole()
})

test('a message costs what the provider takes that sent it, by its own count of parts', async () => {
  const off = { method: 'POST', body: { reason: 'a test' } }
  expect((await gateway.api.call(`${SMS}/providers/twilio/disable`, off)).status).toBe(200)
  const sent = await until('the dispatcher has heard of it', async () => {
    const { id } = await gateway.api.send({ phone: newPhone().local, message: '氣'.repeat(100) })
    const message = await gateway.api.untilMessage(id, ({ status }) =>
      ['sent', 'delivered'].includes(status),
    )
    return message.provider === 'chunghwa' && message
  })
  expect(sent).toMatchObject({ cost: { amount: '1.40', currency: 'TWD' } })
  await gateway.api.call(`${SMS}/providers/twilio/enable`, off)
  await expectWhole()
})

test('budgets are of the client of the key; those of others are not seen, set or deleted', async () => {
  const [mine, other] = [
    await addApiKey(gateway.stores, { scopes: ['operate', 'send', 'read'] }),
    await addApiKey(gateway.stores, { scopes: ['operate'] }),
  ]
  const set = BudgetResponse.parse(
    (await put({ scope: 'client', unit: 'money', amount: '0.50' }, mine)).json,
  )
  expect((await list(mine)).map(({ id }) => id)).toEqual([set.id])
  expect(await list(other)).toEqual([])
  const remove = (key?: string) => {
    const options = { method: 'DELETE', ...(key !== undefined && { key }) }
    return gateway.api.call(`${SMS}/budgets/${set.id}`, options)
  }
  expectProblem(await remove(other), 404, 'budget-not-found')
  expectProblem(
    await ask({ scope: 'client', client_id: set.client_id, amount: 1 }, other),
    403,
    'forbidden',
  )
  expectProblem(await ask({ scope: 'all', amount: 1 }, other), 403, 'forbidden')

  const send = () => {
    // It waits, so that what it holds is what is reserved.
    const waits = { schedule_at: new Date(Date.now() + 3_600_000).toISOString() }
    const message = { phone: newPhone().local, message: newText(), message_type: 'otp' }
    const body = { ...message, ...waits }
    return gateway.api.call(`${SMS}/send`, { key: mine, body })
  }
  const first = MessageResponse.parse((await send()).json)
  expectProblem(await send(), 402, 'budget-exhausted')
  expect(await list(mine)).toMatchObject([{ used: '0.50', amount: '0.50', currency: 'TWD' }])
  expect(first.cost.amount).toBe('0.50')
  expectProblem(await remove(mine), 403, 'forbidden')
  expect((await remove()).status).toBe(204)
  await sleep(IN_FORCE_MS)
  expect((await send()).status).toBe(202)
})

test.each<[string, Record<string, unknown>]>([
  ['a customer without its id', { scope: 'customer', amount: 1 }],
  ['a type of a client scope', { scope: 'client', message_type: 'otp', amount: 1 }],
  ['messages as dollars', { scope: 'client', amount: '1.50' }],
  ['dollars as a number', { scope: 'client', unit: 'money', amount: 1 }],
  ['less than nothing', { scope: 'client', amount: -1 }],
  ['a week', { scope: 'client', period: 'week', amount: 1 }],
  ['what it does not know', { scope: 'client', amount: 1, soft: true }],
])('refuses %s', async (_what, body) => {
  expectProblem(await ask(body), 400, 'invalid-request')
})
