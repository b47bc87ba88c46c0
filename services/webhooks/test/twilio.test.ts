import { beforeAll, expect, test } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { readMetric } from '../../all-in-one/test-support/metrics.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import type { PostAnswer } from '../../all-in-one/test-support/post.ts'
import { post } from '../../all-in-one/test-support/post.ts'
import { TWILIO } from '../../all-in-one/test-support/settings.ts'
import { signTwilio } from '../../all-in-one/test-support/signatures.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway, ScriptPatch } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

/** The simulated Twilio sends no receipts here: the tests do. */
const SCRIPT: ScriptPatch = { receipts: { lostRate: 1 } }

interface Submission {
  text: string
  sid: string
  /** As Twilio was told to call it, with the attempt in the query. */
  callback: string
}

interface Change {
  signature?: string | undefined
  headers?: Record<string, string>
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp, { script: SCRIPT })
  })

  const findSubmission = (text: string): Promise<Submission> =>
    until('Twilio has taken it', () => {
      const found = gateway.twilio.submissions().find(({ body }) => body.includes(text))
      return found && { text, sid: found.sid, callback: found.statusCallback ?? '' }
    })

  const submit = async (): Promise<{ message: MessageResponse; submission: Submission }> => {
    const text = newText()
    const { id } = await gateway.api.send({ phone: newPhone().local, message: text })
    const message = await gateway.api.untilStatus(id, 'sent')
    return { message, submission: await findSubmission(text) }
  }

  const paramsOf = ({ sid }: { sid: string }, status: string, more = {}) => ({
    ApiVersion: '2010-04-01',
    AccountSid: TWILIO.accountSid,
    MessageSid: sid,
    MessageStatus: status,
    SmsSid: sid,
    SmsStatus: status,
    To: '+886912345678',
    From: '+15005550006',
    ...more,
  })

  const tell = (
    url: string,
    params: Record<string, string>,
    { signature = signTwilio(url, params), headers = {} }: Change = {},
  ): Promise<PostAnswer> =>
    post(url, new URLSearchParams(params).toString(), {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      ...(signature !== '' && { 'x-twilio-signature': signature }),
      ...headers,
    })

  const countReceipts = async () => {
    const [row] = await gateway.stores.query<{ count: number }>(
      'select count(*)::int as count from receipt',
    )
    return row?.count
  }

  const countAnswers = () => readMetric(gateway.api, 'sms_attempts_total')

  test('moves the message by really signed receipts, with the attempt in the query', async () => {
    const { message, submission } = await submit()
    expect(submission.callback).toBe(
      `${gateway.url}/api/v1/sms/delivery/twilio?attempt=${message.id}.1`,
    )
    const sent = await tell(submission.callback, paramsOf(submission, 'sent'))
    expect(sent).toEqual({ status: 200, text: '' })
    const params = paramsOf(submission, 'delivered', { RawDlrDoneDate: '2611221700' })
    expect((await tell(submission.callback, params)).status).toBe(200)
    const delivered = await gateway.api.untilStatus(message.id, 'delivered')
    expect(delivered).toMatchObject({ provider: 'twilio', provider_message_id: submission.sid })
    expect(delivered.events.at(-1)).toMatchObject({ status: 'delivered', provider: 'twilio' })
    expect(delivered.events.filter(({ status }) => status === 'sent')).toHaveLength(1)
  })

  test('tells why a message was not delivered', async () => {
    const { message, submission } = await submit()
    await tell(submission.callback, paramsOf(submission, 'undelivered', { ErrorCode: '30003' }))
    const undelivered = await gateway.api.untilStatus(message.id, 'undelivered')
    expect(undelivered.error).toMatchObject({ code: '30003', detail: expect.any(String) })
  })

  test('answers 403 to what Twilio has not signed, and keeps nothing of it', async () => {
    const { message, submission } = await submit()
    const { callback } = submission
    const params = paramsOf(submission, 'delivered')
    const before = await countReceipts()
    const bare = callback.split('?')[0] ?? ''
    const forged: [string, Promise<PostAnswer>][] = [
      ['none', tell(callback, params, { signature: '' })],
      ['rubbish', tell(callback, params, { signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' })],
      [
        "another account's",
        tell(callback, params, { signature: signTwilio(callback, params, 'x') }),
      ],
      [
        'of another host',
        tell(callback, params, {
          signature: signTwilio(callback.replace('127.0.0.1', 'localhost'), params),
        }),
      ],
      ['without the query', tell(callback, params, { signature: signTwilio(bare, params) })],
      [
        'of another attempt',
        tell(callback.replace(/\.1$/, '.2'), params, { signature: signTwilio(callback, params) }),
      ],
      [
        'of another status',
        tell(callback, params, { signature: signTwilio(callback, paramsOf(submission, 'sent')) }),
      ],
      [
        'with one more field',
        tell(
          callback,
          { ...params, ErrorCode: '30003' },
          { signature: signTwilio(callback, params) },
        ),
      ],
    ]
    for (const [name, answer] of forged) {
      expect({ name, ...(await answer) }).toMatchObject({
        name,
        status: 403,
        text: expect.stringContaining('signature-invalid'),
      })
    }
    expect(await countReceipts()).toBe(before)
    expect((await gateway.api.find(message.id)).status).toBe('sent')
  })

  test('counts a receipt once that comes five times', async () => {
    const { message, submission } = await submit()
    const before = await countReceipts()
    const params = paramsOf(submission, 'delivered')
    const headers = { 'i-twilio-idempotency-token': 'a-token' }
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => tell(submission.callback, params, { headers })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const delivered = await gateway.api.untilStatus(message.id, 'delivered')
    expect((await tell(submission.callback, params, { headers })).status).toBe(200)
    expect(await countReceipts()).toBe((before ?? 0) + 1)
    expect((await gateway.api.find(message.id)).events).toEqual(delivered.events)
  })

  test('never goes back: receipts in the wrong order end the same', async () => {
    const { message, submission } = await submit()
    const { callback } = submission
    for (const status of ['delivered', 'sent', 'undelivered', 'queued', 'failed']) {
      expect((await tell(callback, paramsOf(submission, status))).status).toBe(200)
    }
    await until('all are applied', async () => {
      const rows = await gateway.stores.query(
        `select from receipt where reference = $1 and state <> 'applied'`,
        [submission.sid],
      )
      return rows.length === 0
    })
    expect(await gateway.api.find(message.id)).toMatchObject({ status: 'delivered', error: null })
  })

  test.each([
    ['at once, where it names its attempt', true],
    ['when the answer is here, where it does not', false],
  ])('takes a receipt that overtakes the answer of its submission: %s', async (_, named) => {
    const text = newText()
    const answersBefore = await countAnswers()
    gateway.twilio.setScript({ holdAnswers: true })
    const { id } = await gateway.api.send({ phone: newPhone().local, message: text })
    const submission = await findSubmission(text)
    const url = named ? submission.callback : (submission.callback.split('?')[0] ?? '')
    const params = paramsOf(submission, 'delivered')
    expect((await tell(url, params)).status).toBe(200)
    if (named) await gateway.api.untilStatus(id, 'delivered')
    else {
      await until('it is parked', async () => {
        const rows = await gateway.stores.query(
          `select from receipt where reference = $1 and state = 'parked'`,
          [submission.sid],
        )
        return rows.length === 1
      })
      expect((await gateway.api.find(id)).status).toBe('sending')
    }
    gateway.twilio.setScript({ holdAnswers: false })
    await until('the answer is here too', async () => (await countAnswers()) > answersBefore)
    await gateway.api.untilStatus(id, 'delivered')
    expect(await gateway.api.find(id)).toMatchObject({
      status: 'delivered',
      provider_message_id: submission.sid,
      attempts: 1,
      in_doubt: false,
      possible_duplicate: false,
      error: null,
    })
    const taken = gateway.twilio.submissions().filter(({ body }) => body.includes(text))
    expect(taken).toHaveLength(1)
  })

  test('keeps a receipt of a message that nobody knows, and answers 200', async () => {
    const sid = `SM${'ab'.repeat(16)}`
    const url = `${gateway.url}/api/v1/sms/delivery/twilio`
    expect((await tell(url, paramsOf({ sid }, 'delivered'))).status).toBe(200)
    await until('it is parked', async () => {
      const rows = await gateway.stores.query<{ state: string }>(
        'select state from receipt where reference = $1',
        [sid],
      )
      return rows[0]?.state === 'parked'
    })
  })

  test('answers 200 to a signed form that is no receipt, and keeps nothing', async () => {
    const before = await countReceipts()
    const url = `${gateway.url}/api/v1/sms/delivery/twilio`
    expect((await tell(url, { Hello: 'world' })).status).toBe(200)
    expect((await tell(url, paramsOf({ sid: `SM${'cd'.repeat(16)}` }, 'odd'))).status).toBe(200)
    expect(await countReceipts()).toBe(before)
  })

  test('answers 413 to a body over 64 KiB', async () => {
    const url = `${gateway.url}/api/v1/sms/delivery/twilio`
    const params = paramsOf({ sid: `SM${'ef'.repeat(16)}` }, 'sent', { Pad: 'x'.repeat(65_536) })
    expect(await tell(url, params)).toMatchObject({
      status: 413,
      text: expect.stringContaining('body-too-large'),
    })
  })

  test('works behind a proxy that calls it by another name', async () => {
    const { message, submission } = await submit()
    const headers = { host: 'internal.example:8080', 'x-forwarded-proto': 'https' }
    const params = paramsOf(submission, 'delivered')
    expect((await tell(submission.callback, params, { headers })).status).toBe(200)
    await gateway.api.untilStatus(message.id, 'delivered')
  })

  test('puts a number on the opt-out list whose subscriber refuses, and sends it nothing more', async () => {
    const { local } = newPhone()
    const text = newText()
    const { id } = await gateway.api.send({ phone: local, message: text })
    await gateway.api.untilStatus(id, 'sent')
    const submission = await findSubmission(text)
    await tell(submission.callback, paramsOf(submission, 'undelivered', { ErrorCode: '21610' }))
    await gateway.api.untilStatus(id, 'undelivered')
    const next = await gateway.api.send({ phone: local, message: newText() })
    const suppressed = await gateway.api.untilStatus(next.id, 'suppressed')
    expect(suppressed.error?.code).toBe('opted-out')
  })
})
