import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from '@jest/globals'
import { BulkResponse } from '@sms-gateway/contracts/bulk-request'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { setBudget } from '@sms-gateway/db/change-budgets'
import { connectDatabase, type Db } from '@sms-gateway/db/connect'
import { countBudgets } from '@sms-gateway/db/count-budgets'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import type { Budget } from '@sms-gateway/domain/budget'
import type { Answer } from '../../all-in-one/test-support/api.ts'
import { createApi } from '../../all-in-one/test-support/api.ts'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { findFreePort } from '../../all-in-one/test-support/free-port.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { spawnService, whenReady } from '../../all-in-one/test-support/service-process.ts'
import { baseVariables } from '../../all-in-one/test-support/settings.ts'
import { until } from '../../all-in-one/test-support/until.ts'

const SEND = '/api/v1/sms/send'
const BULK = '/api/v1/sms/bulk'
const DAILY_LIMIT = 40
/** Where it is about noon now, so that no day ends while its budget is tested. */
const TIME_ZONE = `Etc/GMT${String(new Date().getUTCHours() - 12).replace(/^(?=\d)/, '+')}`
const WRITERS = 64
/** What a process knows of budgets is asked for anew once it is a second old. */
const IN_FORCE_MS = 1_200

const cleanUp = cleanUpAfterAll()
let ingest: Ingest
let second: ReturnType<typeof createApi>
let db: Db
beforeAll(async () => {
  const variables = { SMS_DAILY_LIMIT: String(DAILY_LIMIT), SMS_TIMEZONE: TIME_ZONE }
  ingest = await startIngest('postgres', cleanUp, () => variables)
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...baseVariables(ingest.stores), ...variables, PORT: String(port) }
  await whenReady(spawnService('ingest-api', env, cleanUp), url)
  second = createApi(url)
  db = connectDatabase({ url: ingest.stores.databaseUrl, poolSize: 2 })
  cleanUp(() => db.destroy())
})

const newKey = () => addApiKey(ingest.stores, { scopes: ['send', 'read'] })
const send = (key: string, change: Record<string, unknown> = {}, api = ingest.api) => {
  const body = { phone: newPhone().local, message: newText(), message_type: 'otp', ...change }
  return api.call(SEND, { key, body })
}
const accept = async (key: string, change: Record<string, unknown> = {}) => {
  const answer = await send(key, change)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 202 })
  return MessageResponse.parse(answer.json)
}
const toBatch = (count: number) => ({
  recipients: Array.from({ length: count }, () => ({ phone: newPhone().local })),
  message: newText(),
  message_type: 'notice',
})
const sendBatch = async (key: string, count: number) => {
  const answer = await ingest.api.call(BULK, { key, body: toBatch(count) })
  return BulkResponse.parse(answer.json).accepted
}
const clientOf = async (key: string) => {
  const [row] = await ingest.stores.query<{ client_id: string }>(
    'select client_id from api_key where key_hash = $1',
    [createHash('sha256').update(key).digest()],
  )
  return row?.client_id ?? ''
}
const limit = async (change: Partial<Budget> & Pick<Budget, 'clientId' | 'amount'>) => {
  const budget = { scope: 'client', key: '', period: 'day', unit: 'messages', hard: true } as const
  const now = new Date()
  await setBudget(db, { ...budget, ...change }, { isAdmin: true, defaults: [], now })
  await countBudgets(db, { now, timeZone: TIME_ZONE })
  await sleep(IN_FORCE_MS)
}
const expectWhole = async () => {
  expect((await verifyLedger(db)).differences).toEqual([])
}
const countEach = (answers: readonly Answer[]) => {
  const of = (status: number) => answers.filter((answer) => answer.status === status).length
  return { accepted: of(202), exhausted: of(402), other: answers.length - of(202) - of(402) }
}

test('64 writers at two processes get exactly what there is, and their neighbours all they want', async () => {
  const [key, neighbour] = [await newKey(), await newKey()]
  const answers: Answer[] = []
  const neighbours: Answer[] = []
  const batches = Array.from({ length: 4 }, () => sendBatch(key, 3))
  await Promise.race(batches)
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const api = writer % 2 === 0 ? ingest.api : second
      for (let round = 0; round < 2; round++) answers.push(await send(key, {}, api))
      if (writer < DAILY_LIMIT) neighbours.push(await send(neighbour, {}, api))
    }),
  )
  const inBatches = (await Promise.all(batches)).reduce((sum, accepted) => sum + accepted)
  expect(inBatches).toBeGreaterThan(0)
  const alone = DAILY_LIMIT - inBatches
  expect(countEach(answers)).toEqual({
    accepted: alone,
    exhausted: 2 * WRITERS - alone,
    other: 0,
  })
  expect(countEach(neighbours)).toEqual({ accepted: 40, exhausted: 0, other: 0 })
  expectProblem(await send(key, {}, second), 402, 'budget-exhausted')
  await expectWhole()
})

test('what is cancelled makes room for one more, and no more', async () => {
  const key = await newKey()
  const clientId = await clientOf(key)
  await accept(key)
  // What was there before it counts.
  await limit({ clientId, amount: 2 })
  const { id } = await accept(key)
  expectProblem(await send(key), 402, 'budget-exhausted')
  await ingest.api.call(`/api/v1/sms/messages/${id}/cancel`, { method: 'POST', key })
  await accept(key)
  expectProblem(await send(key), 402, 'budget-exhausted')
  await expectWhole()
})

test('of a batch, those that have no room are rejected, each with its place', async () => {
  const key = await newKey()
  await limit({ clientId: await clientOf(key), amount: 3 })
  const headers = { 'idempotency-key': randomUUID() }
  const body = toBatch(5)
  const bulk = () => ingest.api.call(BULK, { key, body, headers })
  const first = await bulk()
  expect(BulkResponse.parse(first.json)).toMatchObject({
    accepted: 3,
    rejected: [
      { index: 3, code: 'budget-exhausted' },
      { index: 4, code: 'budget-exhausted' },
    ],
  })
  expect((await bulk()).text).toBe(first.text)
  await expectWhole()
})

test('nobody waits for a batch that is being stored, and it keeps the room that it holds', async () => {
  const [key, other] = [await newKey(), await newKey()]
  const clientId = await clientOf(key)
  await limit({ clientId, amount: 5 })
  const headers = { 'idempotency-key': randomUUID() }
  const bulk = (count: number) => ingest.api.call(BULK, { key, body: toBatch(count), headers })
  expect((await bulk(1)).status).toBe(202)
  // The key may be used again, so the next batch writes to this row: behind us.
  await ingest.stores.query(
    `update idempotency set created_at = created_at - interval '25 hours' where client_id = $1`,
    [clientId],
  )
  const stored = await db.transaction().execute(async (trx) => {
    const row = trx.selectFrom('idempotency').select('path').where('client_id', '=', clientId)
    await row.forUpdate().execute()
    const storing = bulk(3)
    await until('it holds its room', async () => {
      const rows = await ingest.stores.query('select from budget_hold')
      return rows.length > 0
    })
    await accept(key)
    await accept(other)
    expectProblem(await send(key), 402, 'budget-exhausted')
    await expectWhole()
    return { storing }
  })
  expect(BulkResponse.parse((await stored.storing).json).accepted).toBe(3)
  expectProblem(await send(key), 402, 'budget-exhausted')
  await expectWhole()
})

test('a budget of money counts what a text costs, of one customer alone', async () => {
  const key = await newKey()
  const clientId = await clientOf(key)
  await limit({ scope: 'customer', clientId, key: 'C-1', unit: 'money', amount: 1_600 })
  const long = { customer_id: 'C-1', message: '氣'.repeat(100) }
  expect((await accept(key, long)).cost.amount).toBe('1.00')
  expectProblem(await send(key, long), 402, 'budget-exhausted')
  await accept(key, { customer_id: 'C-1' })
  expectProblem(await send(key, { customer_id: 'C-1' }), 402, 'budget-exhausted')
  await accept(key, { customer_id: 'C-2' })
  await accept(key)
  await expectWhole()
})

test('a soft budget holds nobody back, and notes 50, 80 and 100 percent once each', async () => {
  const key = await newKey()
  const clientId = await clientOf(key)
  await limit({ clientId, amount: 5, hard: false })
  for (let count = 0; count < 6; count++) await accept(key)
  const alerts = await ingest.stores.query<{ percent: number }>(
    `select a.percent from budget_alert a join budget_counter c on c.id = a.counter_id
     where c.client_id = $1 and not a.hard order by a.id`,
    [clientId],
  )
  expect(alerts.map(({ percent }) => percent)).toEqual([50, 80, 100])
})

test('a repeat of what was accepted is answered, however little room there is', async () => {
  const key = await newKey()
  await limit({ clientId: await clientOf(key), amount: 1 })
  const body = { phone: newPhone().local, message: newText(), message_type: 'otp' }
  const [first, late] = [randomUUID(), randomUUID()]
  const sendAs = (idempotencyKey: string) =>
    ingest.api.call(SEND, { key, body, headers: { 'idempotency-key': idempotencyKey } })
  const accepted = await sendAs(first)
  expect(accepted.status).toBe(202)
  expect((await sendAs(first)).text).toBe(accepted.text)
  expectProblem(await sendAs(late), 402, 'budget-exhausted')
  await limit({ clientId: await clientOf(key), amount: 2 })
  expect((await sendAs(late)).status).toBe(202)
  await expectWhole()
})

test('the check names a counter that somebody has changed', async () => {
  await ingest.stores.query(
    'update budget_counter set used = used - 1 where id = (select min(id) from budget_counter)',
  )
  const { differences } = await verifyLedger(db)
  expect(differences).toHaveLength(1)
  expect(differences[0]?.subject).toMatch(/^counter \d+$/)
})
