import { describe, expect, test } from '@jest/globals'
import { IdempotencyKey, SendRequest } from './send-request.ts'

const good = { phone: '0912345678', message: '您的瓦斯已出貨', message_type: 'order_confirmation' }
const { message: _message, ...withoutText } = good

describe('a body of POST /send', () => {
  test.each<[string, object]>([
    ['as short as can be', {}],
    ['in E.164', { phone: '+886 912-345-678' }],
    ['of an otp', { message_type: 'otp', priority: 'urgent' }],
    ['for later', { schedule_at: '2026-01-31T09:00:00+08:00', expires_at: '2026-01-31T10:00:00Z' }],
    ['of a customer', { customer_id: 'C-1', channel: 'sms' }],
    ['with metadata', { metadata: { order: 42, nested: { deep: [1, null] } } }],
    ['with pictures', { media_urls: ['https://luckygas.tw/a.jpg'] }],
    ['with the longest text', { message: 'x'.repeat(5_000) }],
  ])('%s is taken', (_name, changes) => {
    expect(SendRequest.safeParse({ ...good, ...changes }).success).toBe(true)
  })

  test('by template is taken, with its data', () => {
    const body = {
      ...withoutText,
      template_code: 'order_sent',
      template_data: { name: '王', n: 2 },
    }
    expect(SendRequest.parse(body)).toMatchObject({ template_code: 'order_sent' })
  })

  test('has its times as dates, whatever the offset', () => {
    const { schedule_at } = SendRequest.parse({ ...good, schedule_at: '2026-01-31T09:00:00+08:00' })
    expect(schedule_at).toEqual(new Date('2026-01-31T01:00:00Z'))
  })

  test.each<[string, unknown, string]>([
    ['an unknown field', { ...good, messsage: 'typo' }, ''],
    ['no number', { message: 'x', message_type: 'otp' }, 'phone'],
    ['an empty number', { ...good, phone: '' }, 'phone'],
    ['a number that is a number', { ...good, phone: 912345678 }, 'phone'],
    ['a number that is a list', { ...good, phone: ['0912345678'] }, 'phone'],
    ['a number without an end', { ...good, phone: '0'.repeat(41) }, 'phone'],
    ['neither a text nor a template', withoutText, 'message'],
    ['both a text and a template', { ...good, template_code: 'order_sent' }, 'message'],
    ['an empty text', { ...good, message: '' }, 'message'],
    ['a text without an end', { ...good, message: 'x'.repeat(5_001) }, 'message'],
    ['a text that is null', { ...good, message: null }, 'message'],
    ['no type', { phone: '0912345678', message: 'x' }, 'message_type'],
    ['a type in capitals', { ...good, message_type: 'OTP' }, 'message_type'],
    ['a type that begins with a digit', { ...good, message_type: '1st' }, 'message_type'],
    ['a type with a dash', { ...good, message_type: 'order-sent' }, 'message_type'],
    ['a type of 51 characters', { ...good, message_type: 'x'.repeat(51) }, 'message_type'],
    ['another channel', { ...good, channel: 'fax' }, 'channel'],
    ['another priority', { ...good, priority: 'high' }, 'priority'],
    ['a time without an offset', { ...good, schedule_at: '2026-01-31T09:00:00' }, 'schedule_at'],
    ['a day that is none', { ...good, schedule_at: '2026-02-30T09:00:00Z' }, 'schedule_at'],
    ['a time as a number', { ...good, expires_at: 1_769_823_600 }, 'expires_at'],
    [
      'a picture without TLS',
      { ...good, media_urls: ['http://luckygas.tw/a.jpg'] },
      'media_urls.0',
    ],
    [
      'a picture that is a script',
      { ...good, media_urls: ['javascript:alert(1)'] },
      'media_urls.0',
    ],
    ['too many pictures', { ...good, media_urls: Array(11).fill('https://a.tw/') }, 'media_urls'],
    ['metadata that is a list', { ...good, metadata: [1] }, 'metadata'],
    [
      'too much metadata',
      { ...good, metadata: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [n, n])) },
      'metadata',
    ],
    ['template data of another kind', { ...good, template_data: { a: {} } }, 'template_data.a'],
    ['no object', [good], ''],
    ['nothing', null, ''],
    ['a text', 'hello', ''],
  ])('with %s is refused, and says where', (_name, body, path) => {
    const parsed = SendRequest.safeParse(body)
    expect(parsed.success).toBe(false)
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path)
    // What the producer is told never repeats the number or the text.
    expect(JSON.stringify(parsed.error?.issues)).not.toMatch(/0912345678|出貨/)
  })
})

describe('an idempotency key', () => {
  test.each([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
    ['"', '"'],
  ])('%j is %j', (given, key) => {
    expect(IdempotencyKey.parse(given)).toBe(key)
  })

  test.each(['', '""', ' ', 'a b', 'é', 'a\n', 'x'.repeat(256)])('is not %j', (given) => {
    expect(IdempotencyKey.safeParse(given).success).toBe(false)
  })
})
