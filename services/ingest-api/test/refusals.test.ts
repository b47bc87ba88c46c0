import { beforeAll, expect, test } from '@jest/globals'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { CallOptions } from '../../all-in-one/test-support/api.ts'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'

const SEND = '/api/v1/sms/send'
const GOOD = { phone: '0912345678', message: 'hello', message_type: 'order_confirmation' }
const HOUR = 3_600_000

function nest(depth: number): unknown {
  return depth === 0 ? 1 : { deeper: nest(depth - 1) }
}

const NOT_JSON: [string, string][] = [
  ['no JSON', '{"phone":'],
  ['nothing but a word', 'hello'],
  ['JSON with a trailing comma', `${JSON.stringify(GOOD).slice(0, -1)},}`],
]

const WRONG: [string, unknown, string][] = [
  ['null', null, ''],
  ['an array', [GOOD], ''],
  ['an empty object', {}, 'phone'],
  ['a phone that is a number', { ...GOOD, phone: 912345678 }, 'phone'],
  ['a message that is a number', { ...GOOD, message: 7 }, 'message'],
  ['an unknown field', { ...GOOD, mesage_type: 'x' }, ''],
  ['both a message and a template', { ...GOOD, template_code: 'welcome' }, 'message'],
  ['neither', { phone: GOOD.phone, message_type: 'otp' }, 'message'],
  ['no message type', { phone: GOOD.phone, message: 'hello' }, 'message_type'],
  ['a message type in capitals', { ...GOOD, message_type: 'OTP' }, 'message_type'],
  ['a message type of 51 letters', { ...GOOD, message_type: 'a'.repeat(51) }, 'message_type'],
  ['an unknown channel', { ...GOOD, channel: 'pigeon' }, 'channel'],
  ['an unknown priority', { ...GOOD, priority: 'high' }, 'priority'],
  [
    'a schedule_at without an offset',
    { ...GOOD, schedule_at: '2031-01-01T10:00:00' },
    'schedule_at',
  ],
  ['a schedule_at that is no date', { ...GOOD, schedule_at: 'tomorrow' }, 'schedule_at'],
  ['media that is no URL', { ...GOOD, media_urls: ['file'] }, 'media_urls'],
  ['metadata that is a list', { ...GOOD, metadata: [1] }, 'metadata'],
  ['metadata 40 levels deep', { ...GOOD, metadata: { a: nest(40) } }, 'metadata'],
]

const IMPOSSIBLE: [string, Record<string, unknown>, string][] = [
  ['a number that is too short', { phone: '09123' }, 'phone-invalid'],
  ['letters', { phone: 'call me maybe' }, 'phone-invalid'],
  ['a Taiwan landline', { phone: '02-2345-6789' }, 'phone-invalid'],
  ['a number of another country', { phone: '+14155552671' }, 'country-not-allowed'],
  [
    'a template that is not there',
    { message: undefined, template_code: 'none_such' },
    'template-not-found',
  ],
  [
    'a time to go that has passed',
    { schedule_at: new Date(Date.now() - HOUR) },
    'schedule-in-past',
  ],
  ['an end that has passed', { expires_at: new Date(Date.now() - HOUR) }, 'expires-in-past'],
  [
    'an end before the time to go',
    { schedule_at: new Date(Date.now() + 2 * HOUR), expires_at: new Date(Date.now() + HOUR) },
    'expires-in-past',
  ],
  ['eleven segments of Chinese', { message: '氣'.repeat(67 * 10) }, 'text-too-long'],
  ['metadata of 4,097 bytes', { metadata: { note: 'x'.repeat(4_086) } }, 'metadata-too-large'],
  ['blanks', { message: '  \n\t ' }, 'text-empty'],
  ['full-width blanks', { message: '\u3000\u3000' }, 'text-empty'],
]

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let ingest: Ingest
  let keys: Record<'revoked' | 'reader' | 'sender', string>
  beforeAll(async () => {
    ingest = await startIngest(backend, cleanUp)
    const { stores } = ingest
    keys = {
      revoked: await addApiKey(stores, { scopes: ['send', 'read'], revoked: true }),
      reader: await addApiKey(stores, { scopes: ['read'] }),
      sender: await addApiKey(stores, { scopes: ['send'] }),
    }
  })

  const refuse = async (options: CallOptions, status: number, code: string, path = SEND) => {
    const before = await ingest.countMessages()
    const answer = await ingest.api.call(path, options)
    const problem = expectProblem(answer, status, code)
    expect(answer.text).not.toContain('912345678')
    expect(await ingest.countMessages()).toBe(before)
    return { problem, headers: answer.headers }
  }

  test.each(NOT_JSON)('answers 400 to %s', async (_, rawBody) => {
    await refuse({ rawBody }, 400, 'invalid-json')
  })

  test('answers 400 to bytes that are not UTF-8', async () => {
    const rawBody = Uint8Array.from([0x22, 0xff, 0xfe, 0x22])
    await refuse({ rawBody }, 400, 'invalid-json')
  })

  test('answers 400 to no body', async () => {
    await refuse({ method: 'POST' }, 400, 'invalid-request')
  })

  test.each(WRONG)('answers 400 to %s, and says where', async (_, body, path) => {
    const { problem } = await refuse({ body }, 400, 'invalid-request')
    const paths = problem.errors?.map((error) => error.path) ?? []
    expect(paths.some((each) => each.startsWith(path))).toBe(true)
  })

  test.each([
    ['NUL in the text', '{"message":"a\\u0000b"}'],
    ['half of a surrogate pair', '{"message":"a\\ud83d"}'],
    ['the other half', '{"message":"\\ude00b"}'],
    ['NUL in metadata', '{"message":"a","metadata":{"a":["\\u0000"]}}'],
    ['half of a pair in the name of a field', '{"message":"a","metadata":{"\\ud83d":1}}'],
    ['__proto__', '{"message":"a","metadata":{"__proto__":{"a":1}}}'],
  ])('answers 400 to %s', async (_, part) => {
    const rawBody = `{"phone":"0912345678","message_type":"otp",${part.slice(1)}`
    await refuse({ rawBody }, 400, 'invalid-request')
  })

  test('names every wrong field at once', async () => {
    const { problem } = await refuse(
      { body: { phone: 1, message: 2, message_type: 'X' } },
      400,
      'invalid-request',
    )
    const paths = problem.errors?.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['phone', 'message', 'message_type']))
  })

  test.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer sk_wrong_wrong_wrong_wrong' }],
    ['another scheme', { authorization: 'Basic c2tfdGVzdDo=' }],
    ['no key after the scheme', { authorization: 'Bearer ' }],
    ['a key with odd characters', { authorization: "Bearer ' or 1=1 --" }],
  ])('answers 401 to a request with this key: %s', async (_, headers) => {
    const { headers: answered } = await refuse(
      { body: GOOD, key: null, headers },
      401,
      'unauthorized',
    )
    expect(answered.get('www-authenticate')).toMatch(/^Bearer/)
  })

  test('answers 401 to a revoked key', async () => {
    await refuse({ body: GOOD, key: keys.revoked }, 401, 'unauthorized')
  })

  test('answers 401 before it looks at the body', async () => {
    await refuse({ rawBody: '{', key: null }, 401, 'unauthorized')
  })

  test('answers 403 where the key lacks the scope', async () => {
    await refuse({ body: GOOD, key: keys.reader }, 403, 'forbidden')
    const path = `/api/v1/sms/messages/${createMessageId(new Date())}`
    await refuse({ key: keys.sender }, 403, 'forbidden', path)
  })

  test.each([
    ['a message nobody has', `/api/v1/sms/messages/${createMessageId(new Date())}`],
    ['an id that is none', '/api/v1/sms/messages/1'],
    ['an id that is SQL', "/api/v1/sms/messages/'%20or%201=1"],
  ])('answers 404 to %s', async (_, path) => {
    await refuse({}, 404, 'message-not-found', path)
    await refuse({ method: 'POST' }, 404, 'message-not-found', `${path}/cancel`)
  })

  test('answers 404 to a route that is none, and 400 to a path that cannot be read', async () => {
    await refuse({}, 404, 'route-not-found', '/api/v1/sms/nothing')
    await refuse({}, 400, 'invalid-request', '/api/v1/sms/messages/%E0%A4%A')
  })

  test('answers 413 to more than 256 KiB, and takes a body just below', async () => {
    const padded = (length: number) => JSON.stringify(GOOD).padEnd(length)
    await refuse({ rawBody: padded(256 * 1_024 + 1) }, 413, 'body-too-large')
    await refuse({ rawBody: padded(2 * 1_024 * 1_024) }, 413, 'body-too-large')
    const answer = await ingest.api.call(SEND, { rawBody: padded(256 * 1_024) })
    expect(answer.status).toBe(202)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=big5'])(
    'answers 415 to %s',
    async (type) => {
      const options = { body: GOOD, headers: { 'content-type': type } }
      await refuse(options, 415, 'unsupported-media-type')
    },
  )

  test.each(IMPOSSIBLE)('answers 422 to %s', async (_, change, code) => {
    const { problem } = await refuse({ body: { ...GOOD, ...change } }, 422, code)
    expect(problem.detail).toMatch(/\w{3,}/)
  })
})
