import { beforeAll, expect, test } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { DuringMishap } from '../../all-in-one/test-support/mishaps.ts'
import { createMishaps } from '../../all-in-one/test-support/mishaps.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { countTaken } from '../../all-in-one/test-support/taken.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway, ScriptPatch } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let atTwilio: DuringMishap
  let atChunghwa: DuringMishap
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp)
    // Chunghwa is asked how it went after 15 s: then nothing is final, and what is sent stays so.
    gateway.chunghwa.setScript({ deliveryDelayMs: 3_600_000 })
    atTwilio = createMishaps(gateway.twilio)
    atChunghwa = createMishaps(gateway.chunghwa)
  })

  const send = (change: Record<string, unknown> = {}) => {
    const text = newText()
    return {
      text,
      sent: gateway.api.send({ phone: newPhone().local, message: text, ...change }),
    }
  }
  /** Sent while Twilio behaves so; another one where the gateway stood still between an attempt and its bytes. */
  const untilSent = (script: ScriptPatch) =>
    until('one is sent in time', async () => {
      const { local, e164 } = newPhone()
      const { text, id } = await atTwilio(script, async () => {
        const { text, sent } = send({ phone: local })
        const { id } = await sent
        await gateway.api.untilStatus(id, 'sent')
        return { text, id }
      })
      const { events } = await gateway.api.find(id)
      return !JSON.stringify(events).includes('not sent in time') && { text, id, e164 }
    })
  const statuses = ({ events }: MessageResponse) => events.map(({ status }) => status)

  test('delivers through the first provider, and tells each step', async () => {
    // Its receipt comes after its answer, however slow the machine.
    const { text, id, e164 } = await untilSent({ receipts: { held: true } })
    const message = await gateway.api.untilStatus(id, 'delivered')
    expect(statuses(message)).toEqual(['accepted', 'queued', 'sending', 'sent', 'delivered'])
    const [submission, ...others] = gateway.twilio
      .submissions()
      .filter(({ body }) => body.includes(text))
    expect(others).toEqual([])
    expect(submission).toMatchObject({ to: e164, body: `【幸福氣】${text}` })
    expect(message).toMatchObject({
      provider: 'twilio',
      provider_message_id: submission?.sid,
      attempts: 1,
      in_doubt: false,
      possible_duplicate: false,
      error: null,
    })
    expect(message.events.slice(2)).toMatchObject(
      ['sending', 'sent', 'delivered'].map((status) => ({ status, provider: 'twilio' })),
    )
    const times = message.events.map(({ at }) => Date.parse(at))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(countTaken(gateway, text)).toEqual({ twilio: 1, chunghwa: 0 })
  })

  test('delivers every kind of text as it was given', async () => {
    const texts = [
      'GSM-7 text: @£$ [brackets] {braces} €',
      '漢字とかな 한글',
      '👍🏽 四角 🀄',
      'a\nb\tc "d" \\',
    ]
    const messages = await Promise.all(texts.map((text) => send({ message: text }).sent))
    await Promise.all(messages.map(({ id }) => gateway.api.untilStatus(id, 'delivered')))
    const bodies = gateway.twilio.submissions().map(({ body }) => body)
    for (const text of texts) expect(bodies).toContain(`【幸福氣】${text}`)
  })

  test.each<[string, ScriptPatch, string, RegExp]>([
    [
      'refuses it for this sender',
      { errorRate: 1, errorStatus: 400, errorCode: 21612 },
      '21612',
      /^refused/,
    ],
    [
      'refuses our credentials',
      { errorRate: 1, errorStatus: 401, errorCode: 20003 },
      '20003',
      /^refused/,
    ],
    [
      'is at its limit',
      { errorRate: 1, errorStatus: 429, errorCode: 20429 },
      '20429',
      /^throttled/,
    ],
    ['cannot be reached', { refuseConnectionsMs: 60_000 }, '', /^unreachable/],
  ])('goes to the next provider at once when the first %s', async (_, script, code, reason) => {
    const { text, id } = await untilSent(script)
    const message = await gateway.api.find(id)
    // At once: it was not put back to wait for another try.
    expect(statuses(message)).toEqual([
      'accepted',
      'queued',
      'sending',
      'sending',
      'sending',
      'sent',
    ])
    expect(message).toMatchObject({ provider: 'chunghwa', possible_duplicate: false, error: null })
    const [first, why, second] = message.events.slice(2)
    expect(first).toMatchObject({ provider: 'twilio' })
    expect(why).toMatchObject({ provider: 'twilio', detail: expect.stringMatching(reason) })
    expect(why?.error_code).toMatch(code === '' ? /./ : code)
    expect(second).toMatchObject({ provider: 'chunghwa' })
    expect(countTaken(gateway, text)).toEqual({ twilio: 0, chunghwa: 1 })
  })

  test('fails a message at once whose number is none, and asks no second provider', async () => {
    const { local, e164 } = newPhone()
    gateway.twilio.setScript({ numbers: { [e164]: { code: 21211 } } })
    const { text, sent } = send({ phone: local })
    const { id } = await sent
    const message = await gateway.api.untilStatus(id, 'failed')
    expect(message).toMatchObject({
      attempts: 1,
      error: { code: '21211', detail: expect.any(String) },
    })
    expect(statuses(message)).toEqual(['accepted', 'queued', 'sending', 'failed'])
    expect(countTaken(gateway, text)).toEqual({ twilio: 0, chunghwa: 0 })
    expect(JSON.stringify(message.error)).not.toContain(local.slice(1))
  })

  test('sends nothing more to a number that a provider calls opted out', async () => {
    const { local, e164 } = newPhone()
    gateway.twilio.setScript({ numbers: { [e164]: { code: 21610 } } })
    const first = await send({ phone: local }).sent
    expect((await gateway.api.untilStatus(first.id, 'failed')).error?.code).toBe('21610')

    gateway.twilio.setScript({ numbers: {} })
    const { text, sent } = send({ phone: local, message_type: 'otp' })
    const second = await gateway.api.untilStatus((await sent).id, 'suppressed')
    expect(second.error?.code).toBe('opted-out')
    expect(statuses(second)).toEqual(['accepted', 'suppressed'])
    expect(countTaken(gateway, text)).toEqual({ twilio: 0, chunghwa: 0 })
    const other = await send().sent
    await gateway.api.untilStatus(other.id, 'delivered')
  })

  test('fails a message that every provider refuses after SMS_MAX_ATTEMPTS', async () => {
    const { local, e164 } = newPhone()
    gateway.twilio.setScript({ numbers: { [e164]: { code: 21612 } } })
    gateway.chunghwa.setScript({ numbers: { [local]: { code: 44 } } })
    const { id } = await send({ phone: local }).sent
    const message = await gateway.api.untilStatus(id, 'failed')
    expect(message.attempts).toBe(3)
    const tried = message.events
      .filter(({ status, error_code: code }) => status === 'sending' && code === undefined)
      .map(({ provider }) => provider)
    expect(tried).toEqual(['twilio', 'chunghwa', 'twilio'])
  })

  test('tries again and again while all are at their limit, without counting it', async () => {
    const { text, id } = await atTwilio({ errorRate: 1, errorStatus: 429 }, () =>
      // 37: locked for a moment by parallel connections.
      atChunghwa({ errorRate: 1, errorStatus: 200, errorCode: 37 }, async () => {
        const { text, sent } = send()
        const { id } = await sent
        const busy = await gateway.api.untilMessage(
          id,
          ({ events }) => events.filter(({ error_code: code }) => code !== undefined).length >= 4,
        )
        expect(busy.attempts).toBe(0)
        return { text, id }
      }),
    )
    const message = await gateway.api.untilMessage(id, ({ status }) =>
      ['sent', 'delivered'].includes(status),
    )
    expect(message).toMatchObject({ attempts: 1, hold_reason: null, not_before: null })
    const taken = countTaken(gateway, text)
    expect(taken.twilio + taken.chunghwa).toBe(1)
  })

  test('ends a message as expired whose time has passed while it waited', async () => {
    const { text, id } = await atTwilio({ errorRate: 1, errorStatus: 429 }, () =>
      atChunghwa({ errorRate: 1, errorStatus: 200, errorCode: 37 }, async () => {
        const { text, sent } = send()
        const { id } = await sent
        await gateway.api.untilMessage(id, ({ events }) =>
          events.some(({ error_code: code }) => code !== undefined),
        )
        await gateway.stores.query('update message set expires_at = now() where id = $1', [id])
        await gateway.api.untilStatus(id, 'expired')
        return { text, id }
      }),
    )
    const message = await gateway.api.find(id)
    expect(message.error?.code).toBe('expired')
    expect(message.events.at(-1)).toMatchObject({ status: 'expired' })
    expect(countTaken(gateway, text)).toEqual({ twilio: 0, chunghwa: 0 })
  })

  test('sends a message at its time, and not before', async () => {
    const { scheduleAt, text, id } = await until('one is accepted before its time', async () => {
      const scheduleAt = Date.now() + 1_500
      const { text, sent } = send({ schedule_at: new Date(scheduleAt).toISOString() })
      const message = await sent.catch(() => undefined)
      return message?.status === 'scheduled' && { scheduleAt, text, id: message.id }
    })
    const message = await gateway.api.untilStatus(id, 'delivered')
    const [submission] = gateway.twilio.submissions().filter(({ body }) => body.includes(text))
    expect(submission?.at.getTime()).toBeGreaterThanOrEqual(scheduleAt)
    expect(statuses(message).slice(0, 4)).toEqual(['accepted', 'scheduled', 'queued', 'sending'])
  })

  test('never sends a message that was cancelled in time', async () => {
    const inAnHour = () => send({ schedule_at: new Date(Date.now() + 3_600_000).toISOString() })
    const { text, sent } = inAnHour()
    const { id } = await sent
    const answer = await gateway.api.call(`/api/v1/sms/messages/${id}/cancel`, { method: 'POST' })
    expect(answer.status).toBe(200)
    // One whose time comes with it is delivered: the other was passed over.
    const later = await inAnHour().sent
    await gateway.stores.query(
      'update message set not_before = now(), ring_at = now() where id = any($1::uuid[])',
      [[id, later.id]],
    )
    await gateway.api.untilStatus(later.id, 'delivered')
    expect(countTaken(gateway, text)).toEqual({ twilio: 0, chunghwa: 0 })
    expect((await gateway.api.find(id)).status).toBe('cancelled')
  })

  test('answers either 409 or never sends, when a cancel races with the dispatch', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { text, sent } = send()
        const { id } = await sent
        const { status } = await gateway.api.call(`/api/v1/sms/messages/${id}/cancel`, {
          method: 'POST',
        })
        return { text, id, cancelled: status === 200 }
      }),
    )
    for (const { text, id, cancelled } of outcomes) {
      await gateway.api.untilStatus(id, cancelled ? 'cancelled' : 'delivered')
      expect(countTaken(gateway, text).twilio).toBe(cancelled ? 0 : 1)
    }
  })

  test('hands over 300 that come at once, each exactly once', async () => {
    const sends = Array.from({ length: 300 }, () => send())
    const messages = await Promise.all(sends.map(({ sent }) => sent))
    await until('all are delivered', async () => {
      const rows = await gateway.stores.query(
        `select from message where id = any($1::uuid[]) and status <> 'delivered'`,
        [messages.map(({ id }) => id)],
      )
      return rows.length === 0
    })
    const taken = new Map<string, number>()
    for (const { body } of gateway.twilio.submissions()) taken.set(body, (taken.get(body) ?? 0) + 1)
    for (const { text } of sends) expect(taken.get(`【幸福氣】${text}`)).toBe(1)
  })
})
