import { beforeAll, expect, test } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { post } from '../../all-in-one/test-support/post.ts'
import { signChunghwa } from '../../all-in-one/test-support/signatures.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const PATH = '/api/v1/sms/delivery/chunghwa'
const SECOND = 1_000

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp, {
      env: { SMS_PRIMARY_PROVIDER: 'chunghwa', SMS_FALLBACK_PROVIDERS: '[]' },
      // A poll finds nothing final in the time of this test.
      script: { deliveryDelayMs: 600 * SECOND },
    })
  })

  const submit = async (
    text = newText(),
    phone = newPhone().local,
  ): Promise<{ message: MessageResponse; ids: string[] }> => {
    const { id } = await gateway.api.send({ phone, message: text })
    const message = await gateway.api.untilStatus(id, 'sent')
    const found = gateway.chunghwa.messages().find((each) => each.text.includes(text))
    return { message, ids: found?.ids ?? [] }
  }

  const tell = (body: unknown, headers?: Record<string, string>) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return post(`${gateway.url}${PATH}`, text, {
      'content-type': 'application/json',
      ...(headers ?? signChunghwa(text)),
    })
  }

  const countReceipts = async () => {
    const [row] = await gateway.stores.query<{ count: number }>(
      'select count(*)::int as count from receipt',
    )
    return row?.count
  }

  test('moves the message by what the relay has signed, at the time it tells', async () => {
    const { message, ids } = await submit()
    const body = {
      messageid: ids[0],
      to_addr: '0912345678',
      code: '0',
      done_time: '20261122170001',
      description: 'Successful',
    }
    expect((await tell(body)).status).toBe(200)
    const delivered = await gateway.api.untilStatus(message.id, 'delivered')
    expect(delivered).toMatchObject({ provider: 'chunghwa', provider_message_id: ids[0] })
    const [row] = await gateway.stores.query<{ delivered_at: Date }>(
      'select delivered_at from message where id = $1',
      [message.id],
    )
    expect(row?.delivered_at.toISOString()).toBe('2026-11-22T09:00:01.000Z')
  })

  test('takes the code as a number, and tells why a message was not delivered', async () => {
    const { message, ids } = await submit()
    expect((await tell({ messageid: ids[0], code: 3 })).status).toBe(200)
    const undelivered = await gateway.api.untilStatus(message.id, 'undelivered')
    expect(undelivered.error).toMatchObject({ code: '3', detail: expect.any(String) })
  })

  test('answers 403 to what the relay has not signed, and keeps nothing of it', async () => {
    const { message, ids } = await submit()
    const body = JSON.stringify({ messageid: ids[0], code: '0' })
    const before = await countReceipts()
    const at = (seconds: number) => new Date(Date.now() + seconds * SECOND)
    const good = signChunghwa(body)
    const forged: Record<string, Record<string, string>> = {
      none: {},
      'no timestamp': { 'x-cht-signature': good['x-cht-signature'] ?? '' },
      'no signature': { 'x-cht-timestamp': good['x-cht-timestamp'] ?? '' },
      rubbish: { ...good, 'x-cht-signature': 'ab'.repeat(32) },
      'another secret': signChunghwa(body, { secret: 'another' }),
      'no secret': signChunghwa(body, { secret: '' }),
      'another body': signChunghwa(`${body} `),
      'another time': { ...good, 'x-cht-timestamp': String(Number(good['x-cht-timestamp']) + 1) },
      'six minutes old': signChunghwa(body, { at: at(-360) }),
      'six minutes ahead': signChunghwa(body, { at: at(360) }),
      'a time in words': { ...good, 'x-cht-timestamp': 'now' },
    }
    for (const [name, headers] of Object.entries(forged)) {
      const { status, text } = await tell(body, headers)
      expect({ name, status, text }).toMatchObject({
        name,
        status: 403,
        text: expect.stringContaining('signature-invalid'),
      })
    }
    expect(await countReceipts()).toBe(before)
    expect((await gateway.api.find(message.id)).status).toBe('sent')
  })

  // The very limit is where the clock is an argument: chunghwa-receipt.test.ts.
  test.each([-240, 240])('allows a clock that is %i seconds off', async (seconds) => {
    const { message, ids } = await submit()
    const body = JSON.stringify({ messageid: ids[0], code: '0' })
    const at = new Date(Date.now() + seconds * SECOND)
    expect((await tell(body, signChunghwa(body, { at }))).status).toBe(200)
    await gateway.api.untilStatus(message.id, 'delivered')
  })

  test.each([
    ['that is no JSON', '{"messageid":', 'invalid-json'],
    ['that is a list', '[]', 'invalid-request'],
    ['without a message id', '{"code":"0"}', 'invalid-request'],
    ['with a code that is none', '{"messageid":"H1","code":"zero"}', 'invalid-request'],
  ])('answers 400 to a signed body %s', async (_, body, code) => {
    expect(await tell(body)).toMatchObject({ status: 400, text: expect.stringContaining(code) })
    // The signature comes first: nobody else learns what is wrong.
    expect((await tell(body, {})).status).toBe(403)
  })

  test('keeps a receipt of a message that nobody knows, and answers 200', async () => {
    expect((await tell({ messageid: 'HFFFFFFE', code: '0' })).status).toBe(200)
    await until('it is parked', async () => {
      const rows = await gateway.stores.query<{ state: string }>(
        `select state from receipt where reference = 'HFFFFFFE'`,
      )
      return rows[0]?.state === 'parked'
    })
  })

  test('takes no notice of a code that is not about the message', async () => {
    const { message, ids } = await submit()
    const before = await countReceipts()
    for (const code of ['-1', '22', '999']) {
      expect((await tell({ messageid: ids[0], code })).status).toBe(200)
    }
    expect(await countReceipts()).toBe(before)
    expect((await gateway.api.find(message.id)).status).toBe('sent')
  })

  test('counts a receipt once, and never goes back', async () => {
    const { message, ids } = await submit()
    const before = await countReceipts()
    const bodies = ['0', '0', '0', '1', '31', '3'].map((code) => ({ messageid: ids[0], code }))
    for (const body of bodies) expect((await tell(body)).status).toBe(200)
    const delivered = await gateway.api.untilStatus(message.id, 'delivered')
    expect(delivered.events.filter(({ status }) => status === 'delivered')).toHaveLength(1)
    expect(await countReceipts()).toBe((before ?? 0) + 4)
  })

  test('calls a text of two parts delivered when both are', async () => {
    const { message, ids } = await submit(`${newText()}${'氣'.repeat(80)}`)
    expect(ids).toHaveLength(2)
    await tell({ messageid: ids[1], code: '0' })
    await until('the first receipt is applied', async () => {
      const rows = await gateway.stores.query(
        `select from receipt where reference = $1 and state = 'applied'`,
        [ids[1]],
      )
      return rows.length === 1
    })
    expect((await gateway.api.find(message.id)).status).toBe('sent')
    await tell({ messageid: ids[0], code: '0' })
    await gateway.api.untilStatus(message.id, 'delivered')
  })

  test('puts a number on the opt-out list whose subscriber bars company texts', async () => {
    const { local } = newPhone()
    const { message, ids } = await submit(newText(), local)
    await tell({ messageid: ids[0], code: '48' })
    await gateway.api.untilStatus(message.id, 'undelivered')
    const next = await gateway.api.send({ phone: local, message: newText() })
    const suppressed = await gateway.api.untilStatus(next.id, 'suppressed')
    expect(suppressed.error?.code).toBe('opted-out')
  })

  test('answers 413 to a body over 64 KiB, and works behind another name', async () => {
    const { message, ids } = await submit()
    const body = JSON.stringify({ messageid: ids[0], code: '0' })
    const long = JSON.stringify({ messageid: ids[0], code: '0', pad: 'x'.repeat(65_536) })
    expect((await tell(long)).status).toBe(413)
    const headers = { ...signChunghwa(body), host: 'internal.example' }
    expect((await tell(body, headers)).status).toBe(200)
    await gateway.api.untilStatus(message.id, 'delivered')
  })
})
