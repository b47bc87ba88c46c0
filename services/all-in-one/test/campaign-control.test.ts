import { beforeAll, describe, expect, test } from '@jest/globals'
import { EstimateResponse } from '@sms-gateway/contracts/campaigns'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { describeEachBackend } from '../test-support/backends.ts'
import type { Campaigns } from '../test-support/campaigns.ts'
import { createCampaigns, toCampaign } from '../test-support/campaigns.ts'
import type { ClaimGate } from '../test-support/claim-gate.ts'
import { createClaimGate } from '../test-support/claim-gate.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { expectProblem } from '../test-support/problems.ts'
import { countTaken } from '../test-support/taken.ts'
import { until } from '../test-support/until.ts'
import type { Gateway } from '../test-support/world.ts'
import { startGateway } from '../test-support/world.ts'

const PATH = '/api/v1/sms/campaigns'
const PER_MINUTE = 1_800

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let campaigns: Campaigns
  let gate: ClaimGate
  beforeAll(async () => {
    // Slow enough that a dispatcher has some in hand that wait for their turn.
    const env = { SMS_RATE_LIMIT_PER_MINUTE: String(PER_MINUTE) }
    gateway = await startGateway(backend, cleanUp, { env })
    campaigns = createCampaigns(gateway.url, gateway.api)
    gate = await createClaimGate(gateway.stores)
  })

  const people = (count: number) =>
    Array.from({ length: count }, () => ({ phone: newPhone().local }))
  const taken = (message: string) => {
    const { twilio, chunghwa } = countTaken(gateway, message)
    return twilio + chunghwa
  }
  const untilTaken = (message: string, count: number) =>
    until('so many are taken', () => taken(message) >= count)
  /** A campaign is finished while one of its messages is in doubt: that one may go when its provider has been asked. */
  const expectTaken = async (message: string, count: number) => {
    await untilTaken(message, count)
    expect(taken(message)).toBe(count)
  }
  /** What is sent after something shows that it had its effect. */
  const sendAnother = async () => {
    const { id } = await gateway.api.send({
      ...people(1)[0],
      phone: newPhone().local,
      message: newText(),
    })
    await gateway.api.untilStatus(id, 'delivered')
  }
  /** Under way, and it cannot come to its end before the gate is opened. */
  const startHalf = async (count: number, body: Record<string, unknown>) => {
    const { id } = await campaigns.create({ ...body, draft: true, recipients: people(count) })
    await gate.letThrough(id, count / 2)
    expect((await campaigns.act(id, 'start')).status).toBe(200)
    return id
  }
  const untilNoneIsSending = (id: string) =>
    campaigns.until(id, ({ counts }) => counts.by_status['sending'] === undefined)

  describe('a campaign under way', () => {
    test('stands still when it is paused, and goes on with exactly the others', async () => {
      const message = newText()
      const id = await startHalf(60, { message })
      await untilTaken(message, 10)
      const paused = await Promise.all([campaigns.act(id, 'pause'), campaigns.act(id, 'pause')])
      expect(paused.map((each) => toCampaign(each, 200).status)).toEqual(['paused', 'paused'])
      await untilNoneIsSending(id)
      const before = taken(message)
      expect(before).toBeLessThan(60)
      // By the pause itself: no dispatcher has come by those behind the gate.
      await campaigns.until(id, ({ counts }) => counts.by_status['held'] === 60 - before)
      await gate.open(id)
      await sendAnother()
      expect(taken(message)).toBe(before)

      expect(toCampaign(await campaigns.act(id, 'resume'), 200).status).toBe('running')
      await campaigns.untilStatus(id, 'finished')
      await expectTaken(message, 60)
    })

    test('is over when it is cancelled, and what no provider has is cancelled', async () => {
      const message = newText()
      const id = await startHalf(60, { message })
      await untilTaken(message, 10)
      expect(toCampaign(await campaigns.act(id, 'cancel'), 200).status).toBe('cancelled')
      expect(toCampaign(await campaigns.act(id, 'cancel'), 200).status).toBe('cancelled')
      await untilNoneIsSending(id)
      const before = taken(message)
      // What a dispatcher had in hand ends when it comes by its gates again.
      await campaigns.until(id, ({ counts }) => counts.by_status['cancelled'] === 60 - before)
      await gate.open(id)
      await sendAnother()
      expect(taken(message)).toBe(before)
      expectProblem(await campaigns.act(id, 'resume'), 409, 'campaign-state')
    })

    test('halts by itself when too many fail, says why, and goes on when somebody lets it', async () => {
      gateway.twilio.setScript({ outcomes: [{ status: 'undelivered', code: 30003, weight: 1 }] })
      const message = newText()
      const halt = { failure_rate: 0.5, min_results: 10 }
      const id = await startHalf(60, { message, halt })
      const halted = await campaigns.untilStatus(id, 'halted')
      expect(halted.reason).toMatchObject({
        code: 'failure-rate',
        detail: expect.stringMatching(/^\d+ of \d+ failed: over 50 %$/),
      })
      gateway.twilio.setScript({ outcomes: [{ status: 'delivered', weight: 1 }] })
      await untilNoneIsSending(id)
      expect(taken(message)).toBeLessThan(60)
      await gate.open(id)
      expect(toCampaign(await campaigns.act(id, 'resume'), 200)).toMatchObject({
        status: 'running',
        reason: null,
      })
      await campaigns.untilStatus(id, 'finished')
      await expectTaken(message, 60)
    })

    test('sends its canary first, and the others when that has arrived', async () => {
      gateway.twilio.setScript({ receipts: { lostRate: 1 } })
      const message = newText()
      const canary = { percent: 10, at_least: 5, wait_minutes: 60 }
      const { id } = await campaigns.create({ message, canary, recipients: people(60) })
      await campaigns.until(id, ({ counts }) => counts.by_status['sent'] === 6)
      await sendAnotherTaken()
      expect(await campaigns.find(id)).toMatchObject({
        counts: { handed: 6, pending: 54 },
        progress: { is_canary: true },
      })
      gateway.twilio.setScript({ receipts: { lostRate: 0 } })
      await gateway.stores.query(
        `update message set status = 'delivered', delivered_at = now() where campaign_id = $1`,
        [id],
      )
      await campaigns.untilStatus(id, 'finished')
      await expectTaken(message, 60)
    })
  })

  /** As {@link sendAnother}, where receipts do not come. */
  const sendAnotherTaken = async () => {
    const { id } = await gateway.api.send({ phone: newPhone().local, message: newText() })
    await gateway.api.untilStatus(id, 'sent')
  }

  describe('a schedule', () => {
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
    const setDue = (id: string, ago: string) =>
      gateway.stores.query<{ next_run_at: Date }>(
        `update campaign set next_run_at = now() - $2::interval where id = $1 returning next_run_at`,
        [id, ago],
      )

    test('starts a campaign at its time, which may be changed before', async () => {
      const message = newText()
      const made = await campaigns.create({
        message,
        recipients: people(3),
        schedule_at: inHours(3),
      })
      expect(made).toMatchObject({ status: 'scheduled', next_run_at: made.schedule_at })
      const sooner = inHours(1)
      const changed = await gateway.api.call(`${PATH}/${made.id}/schedule`, {
        method: 'PUT',
        body: { schedule_at: sooner },
      })
      expect(toCampaign(changed, 200).next_run_at).toBe(sooner)
      const [row] = await setDue(made.id, '-1 second')
      const ended = await campaigns.untilStatus(made.id, 'finished')
      const due = row?.next_run_at.getTime()
      expect(Date.parse(ended.started_at ?? '')).toBeGreaterThanOrEqual(due ?? Infinity)
      await expectTaken(message, 3)
      const late = await gateway.api.call(`${PATH}/${made.id}/schedule`, {
        method: 'PUT',
        body: { schedule_at: inHours(1) },
      })
      expectProblem(late, 409, 'campaign-state')
    })

    test('takes a time of the clocks of a zone, and refuses one that has passed', async () => {
      const made = await campaigns.create({
        message: newText(),
        recipients: people(1),
        schedule_at: '2099-07-01T09:30:15',
        time_zone: 'America/New_York',
        draft: true,
      })
      expect(made).toMatchObject({ status: 'draft', schedule_at: '2099-07-01T13:30:15.000Z' })
      expect(toCampaign(await campaigns.act(made.id, 'start'), 200)).toMatchObject({
        status: 'scheduled',
        next_run_at: '2099-07-01T13:30:15.000Z',
      })
      const past = { message: newText(), recipients: people(1), schedule_at: inHours(-1) }
      expectProblem(await campaigns.post(past), 422, 'schedule-in-past')
    })

    test('that came due while nobody looked runs once, or is missed past its own deadline', async () => {
      const plan = { schedule_at: inHours(3), missed_after_seconds: 7_200 }
      const late = { message: newText(), recipients: people(2), ...plan }
      const missed = { message: newText(), recipients: people(2), ...plan }
      const ids = [await campaigns.create(late), await campaigns.create(missed)].map(({ id }) => id)
      await setDue(ids[0] ?? '', '1 hour')
      await setDue(ids[1] ?? '', '3 hours')
      await campaigns.untilStatus(ids[0] ?? '', 'finished')
      const ended = await campaigns.untilStatus(ids[1] ?? '', 'cancelled')
      expect(ended).toMatchObject({ reason: { code: 'missed' }, counts: { handed: 0 } })
      await expectTaken(late.message, 2)
      expect(taken(missed.message)).toBe(0)
    })

    test('by cron runs again and again, over the same people', async () => {
      const message = newText()
      const recipients = people(3)
      const made = await campaigns.create({ message, recipients, cron: '30 4 1 1 *' })
      expect(made).toMatchObject({ status: 'scheduled', run: 0 })
      for (let run = 1; run <= 3; run++) {
        await setDue(made.id, '1 minute')
        const after = await campaigns.until(
          made.id,
          (campaign) => campaign.run === run && campaign.status === 'scheduled',
        )
        expect(after.next_run_at).toBe(made.next_run_at)
        expect(after.counts).toMatchObject({ handed: 3, pending: 0 })
        await expectTaken(message, run * 3)
      }
      expect(
        await gateway.stores.query(
          'select run, outcome, handed from campaign_run where campaign_id = $1 order by run',
          [made.id],
        ),
      ).toEqual([1, 2, 3].map((run) => ({ run, outcome: 'finished', handed: 3 })))
    })

    test.each([
      [{ cron: 'every day' }, 422, 'cron-invalid'],
      [{ time_zone: 'Asia/Nowhere' }, 422, 'time-zone-unknown'],
      [{ schedule_at: 'tomorrow' }, 400, 'invalid-request'],
      [{ schedule_at: '2099-01-01T00:00:00Z', cron: '0 9 * * *' }, 400, 'invalid-request'],
    ])('refuses %j', async (change, status, code) => {
      const body = { message: newText(), recipients: people(1), ...change }
      expectProblem(await campaigns.post(body), status, code)
    })
  })

  test('deliver_between holds for each in their own zone: the others stay on the ledger', async () => {
    const message = newText()
    const zone = { method: 'PUT', body: { time_zone: 'Asia/Tokyo' } }
    expect((await gateway.api.call('/api/v1/sms/customers/tokyo', zone)).status).toBe(200)
    // From half an hour hence in Taipei, which is half an hour ago in Tokyo.
    const between = [30, 90].map((minutes) => clockIn('Asia/Taipei', minutes)).join('-')
    const { id } = await campaigns.create({
      message,
      deliver_between: between,
      recipients: [...people(2), ...people(3).map((each) => ({ ...each, customer_id: 'tokyo' }))],
    })
    await campaigns.until(id, ({ counts }) => counts.by_status['delivered'] === 3)
    expect(await campaigns.find(id)).toMatchObject({
      status: 'running',
      counts: { handed: 3, pending: 2 },
    })
    expect((await gateway.api.call(`${PATH}/${id}/estimate`)).json).toMatchObject({
      held_at_start: 2,
    })
    await gateway.stores.query(
      'update campaign set deliver_from = null, deliver_to = null where id = $1',
      [id],
    )
    await gateway.stores.query(
      `update campaign_recipient set due_at = now() where campaign_id = $1 and state = 'pending' and due_at > now()`,
      [id],
    )
    await campaigns.untilStatus(id, 'finished')
    await expectTaken(message, 5)
  })

  test('an estimate says what it would cost, how long it takes, and who gets nothing', async () => {
    const recipients = people(10)
    const optedOut = recipients[0]?.phone ?? ''
    const answer = await gateway.api.call(`/api/v1/sms/opt-outs/${optedOut}`, {
      method: 'PUT',
      body: {},
    })
    expect([200, 201, 204]).toContain(answer.status)
    const { id } = await campaigns.create({ draft: true, message: '瓦斯'.repeat(40), recipients })
    const estimate = EstimateResponse.parse((await gateway.api.call(`${PATH}/${id}/estimate`)).json)
    expect(estimate).toMatchObject({
      recipients: 10,
      suppressed: 1,
      held_at_start: 0,
      segments: 20,
      cost: [
        { provider: 'twilio', amount: '10.00' },
        { provider: 'chunghwa', amount: '14.00' },
      ],
      per_minute: PER_MINUTE,
      limited_by: 'SMS_RATE_LIMIT_PER_MINUTE',
      seconds: 1,
    })
    await campaigns.act(id, 'start')
    const ended = await campaigns.untilStatus(id, 'finished')
    expect(ended.counts).toMatchObject({ handed: 9, suppressed: 1, pending: 0 })
  })

  test('a test send goes to one number, and is not of the campaign', async () => {
    const file = `phone,order_id,delivery_time\n${newPhone().local},A77,14:30\n`
    const { id } = toCampaign(
      await campaigns.upload([
        ['name', 'a test'],
        ['message_type', 'order_confirmation'],
        ['template_code', 'order_confirmation'],
        ['draft', 'true'],
        ['file', file],
      ]),
      202,
    )
    const test = (body: unknown) => gateway.api.call(`${PATH}/${id}/test-send`, { body })
    const sent = MessageResponse.parse((await test({ phone: newPhone().local })).json)
    expect(sent.message).toContain('A77')
    expect(sent.campaign_id).toBeNull()
    const data = { order_id: 'B99', delivery_time: '15:00' }
    const other = MessageResponse.parse((await test({ phone: newPhone().local, data })).json)
    expect(other.message).toContain('B99')
    await gateway.api.untilStatus(sent.id, 'delivered')
    expect((await campaigns.find(id)).counts).toMatchObject({ handed: 0, pending: 1 })
    expectProblem(await test({ phone: '123' }), 422, 'phone-invalid')
  })
})

/** The clocks of a zone, so many minutes from now. */
function clockIn(timeZone: string, minutes: number): string {
  const at = new Date(Date.now() + minutes * 60_000)
  return at.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
}
