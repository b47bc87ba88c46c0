import { beforeAll, describe, expect, test } from '@jest/globals'
import {
  InboundCallback,
  MessageCallback,
  RecipientCallback,
} from '@sms-gateway/contracts/callback-payloads'
import { CallbackAttemptsResponse, CallbackResponse } from '@sms-gateway/contracts/callbacks'
import { addApiKey } from '../test-support/api-keys.ts'
import { describeEachBackend } from '../test-support/backends.ts'
import {
  type CallbackReceiver,
  createCallback,
  startCallbackReceiver,
  verifyCallback,
  verifyWith,
} from '../test-support/callback-receiver.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { readMetric } from '../test-support/metrics.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { signChunghwa } from '../test-support/signatures.ts'
import { until } from '../test-support/until.ts'
import { type Gateway, startGateway } from '../test-support/world.ts'

const CALLBACKS = '/api/v1/sms/callbacks'

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let receiver: CallbackReceiver
  beforeAll(async () => {
    receiver = await startCallbackReceiver(cleanUp)
    gateway = await startGateway(backend, cleanUp, {
      env: { SMS_CALLBACK_ALLOWED_HOSTS: '["127.0.0.1"]' },
    })
  })

  const create = (path: string, ...types: string[]) =>
    createCallback(gateway.api, {
      url: `${receiver.url}${path}`,
      ...(types.length > 0 && { event_types: types }),
    })
  const remove = (id: string) => gateway.api.call(`${CALLBACKS}/${id}`, { method: 'DELETE' })
  const find = async (id: string) =>
    CallbackResponse.parse((await gateway.api.call(`${CALLBACKS}/${id}`)).json)
  const listAttempts = async (id: string) =>
    CallbackAttemptsResponse.parse((await gateway.api.call(`${CALLBACKS}/${id}/attempts`)).json)
      .data
  /** Its retry would wait for minutes. */
  const hurry = (callbackId: string | null = null) =>
    gateway.stores.query(
      `update callback_event set due_at = now()
       where state = 'pending' and ($1::uuid is null or callback_id = $1)`,
      [callbackId],
    )
  /** Each once: one whose try failed on the way back comes again, under the same id. */
  const eventsAt = (path: string) => [
    ...new Map(receiver.at(path).map((each) => [each.headers['webhook-id'], each])).values(),
  ]
  /** Also where a try failed because somebody, or all of us, stood still. */
  const untilTold = (what: string, isTold: () => boolean | Promise<boolean>) =>
    until(what, async () => {
      await hurry()
      return isTold()
    })

  describe('a message', () => {
    test('is told of at each of its statuses, signed, with the message and its place in the timeline', async () => {
      const { id: callbackId, secret } = await create('/each')
      const message = newText()
      const { id } = await gateway.api.send({
        phone: newPhone().local,
        message,
        metadata: { order: 7 },
      })
      const delivered = await gateway.api.untilStatus(id, 'delivered')
      await untilTold('all are told', () => eventsAt('/each').length >= delivered.events.length)

      const told = eventsAt('/each').map((each) => {
        expect(each.headers['content-type']).toBe('application/json')
        const { type, timestamp, data } = verifyCallback(secret, each)
        expect(data.message).toMatchObject({ id, metadata: { order: 7 } })
        expect(data.message.message).toContain(message)
        expect([type, timestamp]).toEqual([`message.${data.event.status}`, data.event.at])
        return data.event
      })
      const inOrder = told.toSorted((a, b) => a.rank - b.rank || a.position - b.position)
      expect(inOrder.map(({ status, at, position }) => ({ status, at, position }))).toEqual(
        delivered.events.map(({ status, at }, index) => ({ status, at, position: index + 1 })),
      )
      await remove(callbackId)
    })

    test('of each other end is told of too', async () => {
      const { id: callbackId, secret } = await create('/ends')
      const { api, twilio, stores } = gateway
      const [wrong, lost, away, silent] = [newPhone(), newPhone(), newPhone(), newPhone()]
      twilio.setScript({
        numbers: { [wrong.e164]: { code: 21211 }, [away.e164]: { code: 21610 } },
      })
      const send = async (phone: string, more: object = {}) =>
        (await api.send({ phone, message: newText(), ...more })).id
      const inAnHour = new Date(Date.now() + 3_600_000).toISOString()

      const failed = await send(wrong.local)
      const optsOut = await send(away.local)
      await api.untilStatus(optsOut, 'failed')
      const suppressed = await send(away.local)
      const cancelled = await send(newPhone().local, { schedule_at: inAnHour })
      await api.call(`/api/v1/sms/messages/${cancelled}/cancel`, { method: 'POST' })
      const expired = await send(newPhone().local, { schedule_at: inAnHour })
      await stores.query(
        `update message set expires_at = now(), ring_at = now(), not_before = null where id = $1`,
        [expired],
      )
      twilio.setScript({ outcomes: [{ status: 'undelivered', code: 30003 }] })
      const undelivered = await send(lost.local)
      await api.untilStatus(undelivered, 'undelivered')
      twilio.setScript({ outcomes: [{ status: 'delivered' }], receipts: { lostRate: 1 } })
      const unknown = await send(silent.local)
      await api.untilStatus(unknown, 'sent')
      await stores.query(`update message set sent_at = now() - interval '80 hours' where id = $1`, [
        unknown,
      ])
      twilio.setScript({ receipts: { lostRate: 0 } })

      const ends = { failed, suppressed, cancelled, expired, undelivered, unknown }
      const told = () =>
        receiver.at('/ends').map((each) => {
          const { type, data } = verifyWith(MessageCallback.or(RecipientCallback), secret, each)
          return 'message' in data
            ? `${type} ${data.message.id}`
            : `${type} ${data.recipient.phone}`
        })
      const expected = Object.entries(ends).map(([status, id]) => `message.${status} ${id}`)
      await untilTold('all are told', () => expected.every((each) => told().includes(each)))
      expect(told()).toContain(`message.scheduled ${cancelled}`)
      expect(told()).toContain(`recipient.opted_out ${away.e164}`)
      await remove(callbackId)
    })

    test('of another client is not told of, and neither is a status that nobody asked for', async () => {
      const key = await addApiKey(gateway.stores, { scopes: ['send', 'read'] })
      const { id: theirs } = await createCallback(gateway.api, {
        url: `${receiver.url}/theirs`,
        key,
      })
      const { id: mine, secret } = await create('/mine', 'message.delivered')
      const { id } = await gateway.api.send({ phone: newPhone().local, message: newText() })
      await untilTold('it is told', () => receiver.at('/mine').length > 0)
      for (const each of receiver.at('/mine')) {
        expect(verifyCallback(secret, each)).toMatchObject({
          type: 'message.delivered',
          data: { message: { id } },
        })
      }
      expect(receiver.at('/theirs')).toEqual([])
      await remove(mine)
      await gateway.api.call(`${CALLBACKS}/${theirs}`, { method: 'DELETE', key })
    })
  })

  describe('a receiver', () => {
    test('that fails is tried again with the same id and body, and is well again', async () => {
      const { id: callbackId, secret } = await create('/flaky', 'message.accepted')
      receiver.answerWith('/flaky', 500)
      await gateway.api.send({ phone: newPhone().local, message: newText() })
      // Told after the attempt itself is.
      await until('it failed', async () => (await find(callbackId)).failing_since !== null)
      receiver.answerWith('/flaky', 200)
      await hurry()
      await until('it is well', async () => (await find(callbackId)).failing_since === null)
      const [first, second] = receiver.at('/flaky')
      if (!first || !second) throw new Error('it was not tried twice')
      expect(second.headers['webhook-id']).toBe(first.headers['webhook-id'])
      expect(verifyCallback(secret, second).data.event).toEqual(
        verifyCallback(secret, first).data.event,
      )
      expect(await listAttempts(callbackId)).toMatchObject([
        { number: 2, status: 200, error: null, type: 'message.accepted' },
        { number: 1, status: 500, error: 'http-500', event_id: first.headers['webhook-id'] },
      ])
      await remove(callbackId)
    })

    test('that hangs, resets, redirects, refuses or talks without end is told of as it is', async () => {
      const bad = {
        '/hangs': () => undefined,
        '/redirects': 302,
        '/refuses': 400,
      } as const
      receiver.answerWith('/resets', (_res, req) => req.socket.resetAndDestroy())
      receiver.answerWith('/endless', (res) => {
        res.writeHead(200)
        const talk = () => {
          if (!res.destroyed) res.write('x'.repeat(16_384), () => setImmediate(talk))
        }
        talk()
      })
      for (const [path, answer] of Object.entries(bad)) receiver.answerWith(path, answer)
      const paths = [...Object.keys(bad), '/resets', '/endless', '/good']
      const callbacks = await Promise.all(
        paths.map(async (path) => ({ path, id: (await create(path, 'message.accepted')).id })),
      )
      await gateway.api.send({ phone: newPhone().local, message: newText() })
      const expected: Record<string, string | null> = {
        '/hangs': 'timeout',
        '/redirects': 'redirect',
        '/refuses': 'http-400',
        '/resets': 'connection-lost',
        '/endless': null,
        '/good': null,
      }
      for (const { path, id } of callbacks) {
        // Where somebody stood still the first try may have ended otherwise.
        await until(`${path} is told of as ${expected[path] ?? 'well'}`, async () => {
          const attempts = await listAttempts(id)
          if (attempts.some(({ error }) => error === expected[path])) return true
          if (attempts.length > 0) await hurry(id)
          return false
        })
      }
      for (const { id } of callbacks) await remove(id)
    })

    test('that is gone is disabled with the reason, told of nothing, and enabled again', async () => {
      const { id, secret } = await create('/gone', 'message.accepted')
      receiver.answerWith('/gone', 410)
      const send = async () =>
        (await gateway.api.send({ phone: newPhone().local, message: newText() })).id
      const first = await send()
      await until('it is disabled', async () => (await find(id)).status === 'disabled')
      expect(await find(id)).toMatchObject({ disabled_reason: 'it answered 410 Gone' })
      await send()
      receiver.answerWith('/gone', 200)
      const answer = await gateway.api.call(`${CALLBACKS}/${id}/enable`, { method: 'POST' })
      expect(answer).toMatchObject({
        status: 200,
        json: { status: 'active', disabled_reason: null },
      })
      const last = await send()
      const told = () =>
        new Set(receiver.at('/gone').map((each) => verifyCallback(secret, each).data.message.id))
      await untilTold('it is told again', () => told().has(last))
      expect(told()).toEqual(new Set([first, last]))
      expect(await readMetric(gateway.api, 'sms_callbacks_disabled_total')).toBe(1)
      await remove(id)
    })

    test('that asks for time gets it', async () => {
      const { id } = await create('/busy', 'message.accepted')
      receiver.answerWith('/busy', (res) => res.writeHead(429, { 'retry-after': '600' }).end())
      const before = Date.now()
      await gateway.api.send({ phone: newPhone().local, message: newText() })
      await until('it failed', async () => (await find(id)).paused_until !== null)
      const { paused_until: until429 } = await find(id)
      expect(Date.parse(until429 ?? '')).toBeGreaterThanOrEqual(before + 600_000)
      await remove(id)
    })
  })

  test('during a rotation both secrets verify, and events are replayed under their ids', async () => {
    const since = new Date().toISOString()
    const { id, secret: old } = await create('/rotated', 'message.accepted')
    const rotated = await gateway.api.call(`${CALLBACKS}/${id}/rotate`, { method: 'POST' })
    const { secret: fresh } = readSecret(rotated.json)
    await gateway.api.send({ phone: newPhone().local, message: newText() })
    const isSettled = async () =>
      (
        await gateway.stores.query(
          `select from callback_event where callback_id = $1 and state <> 'delivered'`,
          [id],
        )
      ).length === 0
    const untilCame = (times: number) =>
      untilTold(
        `it came ${times} times`,
        async () => receiver.at('/rotated').length >= times && isSettled(),
      )
    await untilCame(1)
    const [first] = receiver.at('/rotated')
    if (!first) throw new Error('nothing came')
    expect(verifyCallback(fresh, first)).toEqual(verifyCallback(old, first))

    const eventId = first.headers['webhook-id']
    const before = receiver.at('/rotated').length
    const replay = async (body: object) =>
      (await gateway.api.call(`${CALLBACKS}/${id}/replay`, { body })).json
    expect(await replay({ event_id: eventId })).toEqual({ replayed: 1, next_since: null })
    await untilCame(before + 1)
    expect(await replay({ since })).toEqual({ replayed: 1, next_since: null })
    await untilCame(receiver.at('/rotated').length + 1)
    const ids = receiver.at('/rotated').map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids)).toEqual(new Set([eventId]))
    await remove(id)
  })

  test('what somebody writes back, opting out and in again, is told to who wrote to them', async () => {
    const types = ['message.inbound', 'recipient.opted_out', 'recipient.opted_in']
    const { id: mine, secret } = await create('/people', ...types)
    const key = await addApiKey(gateway.stores, { scopes: ['send', 'read'] })
    const foreign = { url: `${receiver.url}/strangers`, event_types: types, key }
    const { id: theirs } = await createCallback(gateway.api, foreign)
    const { local, e164 } = newPhone()
    const { id } = await gateway.api.send({ phone: local, message: newText(), customer_id: 'C-1' })
    await gateway.api.untilStatus(id, 'delivered')
    const write = async (messageid: string, text: string) => {
      const rawBody = JSON.stringify({ messageid, from_addr: local, to_addr: null, text })
      const answer = await gateway.api.call('/api/v1/sms/inbound/chunghwa', {
        rawBody,
        headers: signChunghwa(rawBody),
        key: null,
      })
      expect(answer.status).toBe(200)
      await until(`${text} is applied`, async () => {
        const rows = await gateway.stores.query(
          `select from inbound where reference = $1 and state = 'applied'`,
          [messageid],
        )
        return rows.length === 1
      })
    }
    await write('in1', 'STOP')
    // A text belongs to the last message that was sent before it: to START that is the answer to STOP.
    const confirmation = await until('the answer to STOP is delivered', async () => {
      const [row] = await gateway.stores.query<{ id: string }>(
        `select id from message where id <> $1 and status = 'delivered'
           and recipient_hash = (select recipient_hash from message where id = $1)`,
        [id],
      )
      return row?.id
    })
    await write('in2', 'START')
    await untilTold('all are told', () => eventsAt('/people').length >= 4)
    const told = eventsAt('/people').map((each) =>
      verifyWith(InboundCallback.or(RecipientCallback), secret, each),
    )
    const texts = told.flatMap((each) => (each.type === 'message.inbound' ? each.data.inbound : []))
    const from = { from: e164, customer_id: 'C-1' }
    expect(texts.toSorted((a, b) => a.text.localeCompare(b.text))).toMatchObject([
      { ...from, text: 'START', message_id: confirmation },
      { ...from, text: 'STOP', message_id: id },
    ])
    const changes = told.flatMap((each) => (each.type === 'message.inbound' ? [] : each))
    expect(changes.map(({ type }) => type).toSorted()).toEqual([
      'recipient.opted_in',
      'recipient.opted_out',
    ])
    for (const { data } of changes) {
      expect(data.recipient).toMatchObject({ phone: e164, channel: 'sms', kind: 'all' })
    }
    expect(receiver.at('/strangers')).toEqual([])
    await remove(mine)
    await gateway.api.call(`${CALLBACKS}/${theirs}`, { method: 'DELETE', key })
  })

  test('what is erased meanwhile is not told', async () => {
    const { id } = await create('/erased', 'message.accepted')
    await gateway.stores.query(
      `update callback set paused_until = now() + interval '1 hour' where id = $1`,
      [id],
    )
    const { id: messageId } = await gateway.api.send({
      phone: newPhone().local,
      message: newText(),
    })
    await gateway.api.untilStatus(messageId, 'delivered')
    await gateway.stores.query('delete from message where id = $1', [messageId])
    await gateway.stores.query('update callback set paused_until = null where id = $1', [id])
    await until('it is dropped', async () => {
      const rows = await gateway.stores.query(
        `select from callback_event where callback_id = $1 and subject_id = $2 and state = 'dropped'`,
        [id, messageId],
      )
      return rows.length === 1
    })
    expect(receiver.at('/erased')).toEqual([])
    await remove(id)
  })

  test('neither the queue nor a log line has a number, a text, an address or a secret of it', async () => {
    const log = gateway.process.output()
    const queue = await gateway.stores.dumpQueue()
    for (const needle of ['whsec_', receiver.url, '+8869', '瓦斯訂單', '/hangs']) {
      expect([needle, log.includes(needle), queue.includes(needle)]).toEqual([needle, false, false])
    }
    const tables = await gateway.stores.dumpTables()
    for (const needle of ['whsec_', receiver.url, '+8869', '瓦斯訂單']) {
      expect([needle, tables.includes(needle)]).toEqual([needle, false])
    }
  })
})

function readSecret(json: unknown): { secret: string } {
  if (typeof json !== 'object' || json === null || !('secret' in json)) throw new Error('no secret')
  return { secret: String(json.secret) }
}
