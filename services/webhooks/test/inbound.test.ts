import { beforeAll, expect, test } from '@jest/globals'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { post } from '../../all-in-one/test-support/post.ts'
import { TWILIO } from '../../all-in-one/test-support/settings.ts'
import { signChunghwa, signTwilio } from '../../all-in-one/test-support/signatures.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let twilioUrl: string
  let relayUrl: string
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp)
    twilioUrl = `${gateway.url}/api/v1/sms/inbound/twilio`
    relayUrl = `${gateway.url}/api/v1/sms/inbound/chunghwa`
  })

  let sids = 0
  const newSid = () => `SM${String((sids += 1)).padStart(32, '0')}`

  const paramsOf = (text: string, more: Record<string, string> = {}) => ({
    AccountSid: TWILIO.accountSid,
    MessageSid: newSid(),
    From: newPhone().e164,
    To: '+15005550006',
    Body: text,
    ...more,
  })

  const tell = (
    params: Record<string, string>,
    { signature = signTwilio(twilioUrl, params), headers = {}, url = twilioUrl } = {},
  ) =>
    post(url, new URLSearchParams(params).toString(), {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      ...(signature !== '' && { 'x-twilio-signature': signature }),
      ...headers,
    })

  const push = (body: string, headers = signChunghwa(body)) =>
    post(relayUrl, body, { 'content-type': 'application/json', ...headers })

  const countRows = async (reference?: string) => {
    const [row] = await gateway.stores.query<{ count: number }>(
      'select count(*)::int as count from inbound where $1::text is null or reference = $1',
      [reference ?? null],
    )
    return row?.count
  }

  test('keeps a text that Twilio has signed, and answers empty TwiML', async () => {
    const params = paramsOf('什麼時候到？')
    expect(await tell(params)).toEqual({ status: 200, text: EMPTY_TWIML })
    expect(await countRows(params.MessageSid)).toBe(1)
    const { reference, status } = await gateway.twilio.sendText({
      from: newPhone().e164,
      body: '從模擬器來的',
    })
    expect([status, await countRows(reference)]).toEqual([200, 1])
  })

  test('keeps a text that a relay pushes, from a number in its local form', async () => {
    const phone = newPhone()
    const { reference, status } = await gateway.chunghwa.sendText({ from: phone.local, body: '好' })
    expect([status, await countRows(reference)]).toEqual([200, 1])
    const rows = await gateway.stores.query(
      `select count(distinct sender_hash)::int as senders from inbound where reference = any($1)`,
      [[reference, (await gateway.twilio.sendText({ from: phone.e164, body: '好' })).reference]],
    )
    expect(rows).toEqual([{ senders: 1 }])
  })

  test('answers 403 to what was not signed so, and keeps nothing of it', async () => {
    const before = await countRows()
    const params = paramsOf('STOP')
    const delivery = twilioUrl.replace('/inbound/', '/delivery/')
    const body = JSON.stringify({ messageid: 'M1', from_addr: '0912345678', text: 'STOP' })
    const forged = {
      none: tell(params, { signature: '' }),
      rubbish: tell(params, { signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }),
      'of another token': tell(params, { signature: signTwilio(twilioUrl, params, 'x') }),
      'of a receipt': tell(params, { signature: signTwilio(delivery, params) }),
      'of another text': tell(
        { ...params, Body: 'START' },
        { signature: signTwilio(twilioUrl, params) },
      ),
      'with a query': tell(params, {
        url: `${twilioUrl}?From=x`,
        signature: signTwilio(twilioUrl, params),
      }),
      'of a relay, none': push(body, {}),
      'of a relay, of another body': push(body, signChunghwa(`${body} `)),
      'of a relay, of another secret': push(body, signChunghwa(body, { secret: 'x' })),
      'of a relay, of six minutes ago': push(
        body,
        signChunghwa(body, { at: new Date(Date.now() - 360_000) }),
      ),
    }
    for (const [name, answer] of Object.entries(forged)) {
      expect({ name, ...(await answer) }).toMatchObject({
        ...{ name, status: 403 },
        text: expect.stringContaining('signature-invalid'),
      })
    }
    expect(await countRows()).toBe(before)
  })

  test('keeps a text once that is told twenty times at once, under any token', async () => {
    const params = paramsOf('再一次')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        tell(params, { headers: { 'i-twilio-idempotency-token': `token-${index % 3}` } }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await countRows(params.MessageSid)).toBe(1)
    const text = { from: newPhone().local, body: '再一次', reference: 'M0000REPEATED' }
    await Promise.all(Array.from({ length: 5 }, () => gateway.chunghwa.sendText(text)))
    expect(await countRows(text.reference)).toBe(1)
  })

  test.each([
    ['over 64 KiB', paramsOf('x'.repeat(65 * 1024)), 413, 0],
    ['as large as is allowed', paramsOf('x'.repeat(63 * 1024)), 200, 1],
    ['empty', paramsOf(''), 200, 1],
    ['of odd characters', paramsOf('\0\u202e👨‍👩‍👧‍👦\uffff\u{10ffff} ｓ'), 200, 1],
    ['from a word', paramsOf('hi', { From: 'LINE' }), 200, 1],
    ['from a short code', paramsOf('hi', { From: '55688' }), 200, 1],
    ['without a sender', paramsOf('hi', { From: '' }), 200, 0],
    ['under an id that is none', paramsOf('hi', { MessageSid: 'nonsense' }), 200, 0],
  ])('takes what comes: a text %s', async (_, params, status, rows) => {
    expect((await tell(params)).status).toBe(status)
    expect(await countRows(params.MessageSid)).toBe(rows)
  })

  test.each([
    ['no JSON', 'STOP', 'invalid-json'],
    ['no text', JSON.stringify({ messageid: 'M9', from_addr: '0912345678' }), 'invalid-request'],
    ['a receipt', JSON.stringify({ messageid: 'M9', code: '0' }), 'invalid-request'],
  ])('refuses of a relay what is %s', async (_, body, code) => {
    expect(await push(body)).toMatchObject({ status: 400, text: expect.stringContaining(code) })
  })
})
