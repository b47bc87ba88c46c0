import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { LogsResponse } from '@sms-gateway/contracts/logs'
import { addApiKey } from '../test-support/api-keys.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { newText } from '../test-support/people.ts'
import { expectProblem } from '../test-support/problems.ts'
import { until } from '../test-support/until.ts'
import { type Gateway, startGateway } from '../test-support/world.ts'

const LIMITS = {
  number: { count: 2, minutes: 10 },
  prefix: { count: 12, minutes: 10 },
  sequence: { count: 4 },
}

// Who asked how often is in PostgreSQL, wherever the queue is: one backend is enough.
describe('otps that look like fraud', () => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  beforeAll(async () => {
    const env = { SMS_FRAUD_LIMITS: JSON.stringify(LIMITS) }
    gateway = await startGateway('postgres', cleanUp, { env })
  })

  let blocks = 0
  /** Numbers that are no neighbours, each in a block of its own. */
  const newNumber = () => `+8869${String(30_000_000 + ++blocks * 10_000)}`
  const otp = (phone: string, headers = {}) =>
    gateway.api.send({ phone, message: newText(), message_type: 'otp' }, headers)
  const holdOne = async () => {
    const phone = newNumber()
    await otp(phone)
    await otp(phone)
    return otp(phone)
  }
  const release = (id: string, key?: string) =>
    gateway.api.call(`/api/v1/sms/messages/${id}/release`, {
      method: 'POST',
      ...(key !== undefined && { key }),
    })

  test('holds otps over the limit of a number, and shows them', async () => {
    const held = await holdOne()
    expect(held).toMatchObject({
      status: 'held',
      hold_reason: 'fraud-check',
      not_before: held.expires_at,
      events: [{ status: 'accepted' }, { status: 'held', detail: 'fraud-check' }],
    })
    expect(await gateway.api.find(held.id)).toEqual(held)
    const shown = await gateway.api.call('/api/v1/sms/logs?status=held&hold_reason=fraud-check')
    expect(LogsResponse.parse(shown.json).data.map(({ id }) => id)).toContain(held.id)
    const metrics = await gateway.api.call('/metrics')
    expect(metrics.text).toMatch(/sms_fraud_held_total\{sign="number"\} [1-9]/)
    await until('it is logged', () => gateway.process.output().includes('held for a fraud check'))
    expect(gateway.process.output()).not.toContain(held.phone ?? '')
  })

  test('refuses a campaign of otps, which nothing would check', async () => {
    const body = {
      name: 'x',
      message: newText(),
      recipients: [{ phone: newNumber() }],
      draft: true,
    }
    const campaign = (type: string) =>
      gateway.api.call('/api/v1/sms/campaigns', { body: { ...body, message_type: type } })
    expectProblem(await campaign('otp'), 422, 'campaign-of-otps')
    expect((await campaign('notice')).status).toBe(202)
  })

  test('goes by the exact count when many come at once', async () => {
    const phone = newNumber()
    const sent = await Promise.all(Array.from({ length: 20 }, () => otp(phone)))
    expect(sent.filter(({ status }) => status === 'held')).toHaveLength(18)
  })

  test('neither counts repeats of a request nor other types', async () => {
    const phone = newNumber()
    const request = { phone, message: newText(), message_type: 'otp' }
    const key = { 'idempotency-key': randomUUID() }
    for (let times = 0; times < 4; times++) await gateway.api.send(request, key)
    await gateway.api.send({ phone, message: newText() })
    expect((await otp(phone)).status).toBe('queued')
    expect((await gateway.api.send({ phone, message: newText() })).status).toBe('queued')
    expect((await otp(phone)).status).toBe('held')
  })

  test('holds from the fourth number in a row on, over gaps, and not those of another client', async () => {
    const start = Number(newNumber().slice(4)) + 100
    const statuses: string[] = []
    for (const step of [0, 1, 3, 6, 7]) statuses.push((await otp(`+886${start + step}`)).status)
    expect(statuses).toEqual(['queued', 'queued', 'queued', 'held', 'held'])
    const key = await addApiKey(gateway.stores, { scopes: ['send'] })
    const theirs = await gateway.api.call('/api/v1/sms/send', {
      key,
      body: { phone: `+886${start + 8}`, message: newText(), message_type: 'otp' },
    })
    expect(theirs.json).toMatchObject({ status: 'queued' })
  })

  test('holds what goes to one block too often, whatever the numbers', async () => {
    const start = Number(newNumber().slice(4))
    const phones = Array.from({ length: 14 }, (_, index) => `+886${start + 9_000 - index * 50}`)
    const sent = []
    for (const phone of phones) sent.push(await otp(phone))
    expect(sent.filter(({ status }) => status === 'held')).toHaveLength(2)
  })

  test('lets one go when an operator says so, once', async () => {
    const held = await holdOne()
    const sender = await addApiKey(gateway.stores, { scopes: ['send', 'read'] })
    const stranger = await addApiKey(gateway.stores, { scopes: ['operate'] })
    expectProblem(await release(held.id, sender), 403, 'forbidden')
    expectProblem(await release(held.id, stranger), 404, 'message-not-found')
    expect((await release(held.id)).status).toBe(200)
    await gateway.api.untilStatus(held.id, 'delivered')
    expectProblem(await release(held.id), 409, 'message-not-releasable')
    const audited = await gateway.stores.query(`select from audit where action = 'message.release'`)
    expect(audited.length).toBeGreaterThan(0)
  })

  test('keeps its own time where it has one', async () => {
    const phone = newNumber()
    await otp(phone)
    await otp(phone)
    const scheduleAt = new Date(Date.now() + 3_600_000).toISOString()
    const facts = { phone, message: newText(), message_type: 'otp', schedule_at: scheduleAt }
    const held = await gateway.api.send(facts)
    expect(held.status).toBe('held')
    expect((await release(held.id)).json).toMatchObject({
      status: 'scheduled',
      schedule_at: held.schedule_at,
      not_before: held.schedule_at,
    })
  })

  test('expires as any other, and can be cancelled', async () => {
    const [first, second] = [await holdOne(), await holdOne()]
    await gateway.stores.query(
      `update message set expires_at = now(), ring_at = now(), not_before = now() where id = $1`,
      [first.id],
    )
    await gateway.api.untilStatus(first.id, 'expired')
    await gateway.api.call(`/api/v1/sms/messages/${second.id}/cancel`, { method: 'POST' })
    expect((await gateway.api.find(second.id)).status).toBe('cancelled')
  })

  test('lets all go at once, and counts first', async () => {
    const held = await holdOne()
    const call = (body: unknown) => gateway.api.call('/api/v1/sms/held/release', { body })
    const counted = (await call({ dry_run: true })).json as { count: number }
    expect(counted).toEqual({ count: counted.count, released: 0, remaining: counted.count })
    expect((await gateway.api.find(held.id)).status).toBe('held')
    expect((await call({})).json).toEqual({
      count: counted.count,
      released: counted.count,
      remaining: 0,
    })
    await gateway.api.untilStatus(held.id, 'delivered')
  })
})
