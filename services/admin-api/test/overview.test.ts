import { beforeAll, expect, test } from '@jest/globals'
import { OverviewResponse } from '@sms-gateway/contracts/overview'
import { setBudget } from '@sms-gateway/db/change-budgets'
import { pruneLive } from '@sms-gateway/db/fold-live'
import { foldStats } from '@sms-gateway/db/fold-stats'
import { rebuildStats } from '@sms-gateway/db/rebuild-stats'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { noonZone } from '../../all-in-one/test-support/noon-zone.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { storeMessage, storeMessages } from './store-message.ts'
import type { Admin } from './support.ts'
import { SMS, startAdmin } from './support.ts'

const OVERVIEW = `${SMS}/overview`
const ZONE = { timeZone: noonZone() }
const MINUTE = 60_000

const cleanUp = cleanUpAfterAll()
let admin: Admin
let adminKey: string
beforeAll(async () => {
  admin = await startAdmin(cleanUp, ZONE)
  adminKey = await addApiKey(admin.stores, { scopes: ['read', 'admin'] })
})

async function look(key?: string): Promise<OverviewResponse> {
  await foldStats(admin.db, ZONE)
  const answer = await admin.api.call(OVERVIEW, key === undefined ? {} : { key })
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return OverviewResponse.parse(answer.json)
}

/** Over the whole hour: the minute may end in the middle of a test. */
function sumOf({ minutes }: OverviewResponse) {
  const sum = { accepted: 0, sent: 0, delivered: 0, failed: 0 }
  for (const each of minutes) {
    for (const figure of ['accepted', 'sent', 'delivered', 'failed'] as const) {
      sum[figure] += each[figure]
    }
  }
  return sum
}

function laneOf({ lanes }: OverviewResponse, name: string) {
  return lanes.find(({ lane }) => lane === name)
}

test('of a gateway that has sent nothing, everything is there and nothing counted', async () => {
  const overview = await look()
  expect(overview.minutes.map(({ at }) => Date.parse(at) % MINUTE)).toEqual(Array(60).fill(0))
  expect(Date.parse(overview.minutes[59]?.at ?? '')).toBeLessThanOrEqual(Date.parse(overview.at))
  const idle = { depth: 0, oldest_seconds: null, per_minute: 0, seconds_left: 0 }
  expect(overview).toMatchObject({
    lanes: [
      { lane: 'urgent', ...idle },
      { lane: 'normal', ...idle },
      { lane: 'bulk', ...idle },
    ],
    held: { count: 0, next_at: null, reasons: [] },
    scheduled: 0,
    in_doubt: 0,
    failed_today: 0,
    budgets: [],
    today: {
      total: 0,
      sent: 0,
      delivered: 0,
      failed: 0,
      cost: { amount: '0.00', currency: 'TWD' },
    },
  })
  expect(overview.providers.map(({ name }) => name)).toEqual(['twilio', 'chunghwa'])
})

test('follows messages through the gateway, a client its own and an admin all of them', async () => {
  const createdAt = new Date(Date.now() - 90_000)
  const id = await storeMessage(admin, { lane: 'urgent', createdAt })
  const key = await addApiKey(admin.stores, { scopes: ['read'] })
  const first = await look()
  expect(sumOf(first)).toEqual({ accepted: 1, sent: 0, delivered: 0, failed: 0 })
  expect(laneOf(first, 'urgent')).toMatchObject({ depth: 1, per_minute: 0, seconds_left: null })
  expect(laneOf(first, 'urgent')?.oldest_seconds).toBeGreaterThanOrEqual(90)

  await change(id, `status = 'sending'`)
  expect(laneOf(await look(), 'urgent')?.depth).toBe(1)
  await change(id, `in_doubt = true`)
  const doubt = await look()
  expect({ doubt: doubt.in_doubt, lane: laneOf(doubt, 'urgent') }).toMatchObject({
    doubt: 1,
    lane: { depth: 0, oldest_seconds: null, seconds_left: 0 },
  })
  await change(id, `in_doubt = false, status = 'sent', provider = 'twilio', sent_at = now()`)
  const sent = await look()
  expect(sumOf(sent)).toEqual({ accepted: 1, sent: 1, delivered: 0, failed: 0 })
  expect(sent).toMatchObject({ in_doubt: 0, today: { total: 1, sent: 1, delivered: 0, failed: 0 } })
  expect(laneOf(sent, 'urgent')?.per_minute).toBeGreaterThan(0)
  await change(id, `status = 'undelivered'`)
  expect(await look()).toMatchObject({ failed_today: 1 })
  await change(id, `status = 'delivered', delivered_at = now()`)

  const last = await look()
  expect(sumOf(last)).toEqual({ accepted: 1, sent: 1, delivered: 1, failed: 0 })
  expect(last.today).toEqual({
    ...{ total: 1, sent: 1, delivered: 1, failed: 0 },
    cost: { amount: '0.50', currency: 'TWD' },
  })
  expect((await look(adminKey)).today).toEqual(last.today)
  const others = await look(key)
  expect(sumOf(others)).toEqual({ accepted: 0, sent: 0, delivered: 0, failed: 0 })
  expect(others.today.total).toBe(0)
  // What is before a message in its lane is not its client's alone.
  expect(others.lanes).toEqual(
    last.lanes.map((lane) => expect.objectContaining({ lane: lane.lane })),
  )
})

test('says how many are held, why, and when the first goes by itself', async () => {
  const soon = new Date(Date.now() + 3_600_000)
  const held = { status: 'held' as const, notBefore: soon, holdReason: 'quiet-hours' }
  await storeMessages(admin, 3, held)
  const late = new Date(soon.getTime() + MINUTE)
  await storeMessage(admin, { ...held, holdReason: 'deliver-between', notBefore: late })
  const check = new Date(soon.getTime() - MINUTE)
  await storeMessage(admin, { ...held, holdReason: 'fraud-check', notBefore: check })
  const scheduleAt = new Date(Date.now() + 1_000)
  await storeMessage(admin, { status: 'scheduled', scheduleAt, notBefore: scheduleAt })
  const overview = await look()
  expect(overview).toMatchObject({
    held: {
      count: 5,
      next_at: soon.toISOString(),
      reasons: [
        { reason: 'quiet-hours', count: 3 },
        { reason: 'deliver-between', count: 1 },
        { reason: 'fraud-check', count: 1 },
      ],
    },
    scheduled: 1,
  })
  expect(laneOf(overview, 'normal')).toMatchObject({ depth: 0 })
  const key = await addApiKey(admin.stores, { scopes: ['read'] })
  expect((await look(key)).held).toEqual({ count: 0, next_at: null, reasons: [] })
  expect((await look(adminKey)).held).toEqual(overview.held)
  await admin.stores.query(
    `update message set status = 'cancelled' where status in ('held', 'scheduled')`,
  )
  expect(await look()).toMatchObject({
    held: { count: 0, next_at: null, reasons: [] },
    scheduled: 0,
  })
})

test('one that was let go waits since then; one under the limit since it was accepted', async () => {
  const createdAt = new Date(Date.now() - 3_600_000)
  const bulk = { lane: 'bulk' as const, createdAt }
  const letGo = await storeMessage(admin, { ...bulk, status: 'held', holdReason: 'quiet-hours' })
  await tell(letGo, 'queued', 30)
  await change(letGo, `status = 'queued', hold_reason = null, ring_at = now()`)
  const first = laneOf(await look(), 'bulk')
  expect({ depth: first?.depth, young: (first?.oldest_seconds ?? 0) < 600 }).toEqual({
    depth: 1,
    young: true,
  })
  expect(first?.oldest_seconds).toBeGreaterThanOrEqual(30)
  const paced = await storeMessage(admin, bulk)
  await change(paced, `status = 'held', hold_reason = 'rate-limit', ring_at = now()`)
  const second = laneOf(await look(), 'bulk')
  expect(second?.depth).toBe(2)
  expect(second?.oldest_seconds).toBeGreaterThanOrEqual(3_600)
  await admin.stores.query(`update message set status = 'expired' where lane = 'bulk'`)
})

test('shows the budgets with what is used of them, the fullest first', async () => {
  const [client] = await admin.stores.query<{ id: string }>(
    `select id from api_client where name = 'tests'`,
  )
  const clientId = client?.id ?? ''
  const budget = { clientId, key: '', hard: true, period: 'month' as const }
  const authority = { isAdmin: true, defaults: [], now: new Date() }
  await setBudget(
    admin.db,
    { ...budget, scope: 'client', unit: 'messages', amount: 200 },
    authority,
  )
  await setBudget(
    admin.db,
    { ...budget, scope: 'customer', key: 'C-1', unit: 'money', amount: 1_000 },
    authority,
  )
  await setBudget(
    admin.db,
    { ...budget, scope: 'customer', key: '*', unit: 'money', amount: 5 },
    authority,
  )
  await setBudget(
    admin.db,
    { ...budget, clientId: null, scope: 'all', unit: 'money', amount: 2_000 },
    authority,
  )
  await admin.stores.query(
    `insert into budget_counter (scope, client_id, key, period, period_start, unit, base, used)
     select 'customer', $1, 'C-1', 'month', date_trunc('month', now() at time zone $2)::date, 'money', 0, 750`,
    [clientId, ZONE.timeZone],
  )
  const { budgets } = await look()
  expect(budgets).toMatchObject([
    {
      scope: 'customer',
      customer_id: 'C-1',
      limit: '1.00',
      used: '0.75',
      currency: 'TWD',
      share: 0.75,
    },
    { scope: 'client', customer_id: null, limit: 200, used: 0, currency: null, share: 0 },
  ])
  const all = await look(adminKey)
  expect(all.budgets.map(({ scope }) => scope).toSorted()).toEqual(['all', 'client', 'customer'])
  const key = await addApiKey(admin.stores, { scopes: ['read'] })
  expect((await look(key)).budgets).toEqual([])
})

test('what happened is in its minute, however late it is added up', async () => {
  await foldStats(admin.db, ZONE)
  const before = await look()
  await storeMessage(admin)
  const then = new Date(Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE)
  await admin.stores.query('update stat_delta set changed_at = $1', [then])
  const after = await look()
  const at = (overview: OverviewResponse) =>
    overview.minutes.find((minute) => minute.at === then.toISOString())?.accepted
  expect([at(before), at(after)]).toEqual([0, 1])
})

test('to count the figures anew changes nothing of it, also with changes that wait', async () => {
  await storeMessages(admin, 3, { lane: 'urgent' })
  const before = await look()
  const [waiting] = await storeMessages(admin, 2, { lane: 'urgent' })
  await change(waiting ?? '', `status = 'failed'`)
  await admin.stores.query('update stat_now set count = count + 7')
  await rebuildStats(admin.db, ZONE)
  const after = await look()
  expect(laneOf(after, 'urgent')?.depth).toBe((laneOf(before, 'urgent')?.depth ?? 0) + 1)
  expect(sumOf(after)).toEqual({
    ...sumOf(before),
    accepted: sumOf(before).accepted + 2,
    failed: sumOf(before).failed + 1,
  })
})

test('old minutes go, and what is needed stays', async () => {
  const before = await look()
  await pruneLive(admin.db, new Date(Date.now() - 3_600_000))
  expect(sumOf(await look())).toEqual(sumOf(before))
  await pruneLive(admin.db, new Date(Date.now() + MINUTE))
  expect(sumOf(await look()).accepted).toBe(0)
  expect((await look()).lanes.map(({ depth }) => depth)).toEqual(
    before.lanes.map(({ depth }) => depth),
  )
})

test('needs a key with read', async () => {
  const key = await addApiKey(admin.stores, { scopes: ['send', 'operate', 'admin'] })
  expectProblem(await admin.api.call(OVERVIEW, { key }), 403, 'forbidden')
  expectProblem(await admin.api.call(OVERVIEW, { key: null }), 401, 'unauthorized')
})

async function change(id: string, set: string): Promise<void> {
  await admin.stores.query(`update message set ${set} where id = $1`, [id])
}

async function tell(id: string, status: string, secondsAgo: number): Promise<void> {
  await admin.stores.query(
    `insert into message_event (message_id, status, at) values ($1, $2, now() - make_interval(secs => $3))`,
    [id, status, secondsAgo],
  )
}
