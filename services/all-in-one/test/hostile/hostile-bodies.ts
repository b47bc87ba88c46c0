import { BAD_JSON, BAD_REQUEST, hostile, type HostileInput } from './hostile-input.ts'

const GOOD = { phone: '0912345678', message: 'hello', message_type: 'notice' }
const MIB = 1024 * 1024

const send = (name: string, body: unknown, expected = BAD_REQUEST) =>
  hostile(name, '/send', { body }, expected)
const sendRaw = (name: string, rawBody: string | Uint8Array<ArrayBuffer>, expected = BAD_JSON) =>
  hostile(name, '/send', { rawBody }, expected)

function nest(open: string, close: string, depth: number): string {
  return `${open.repeat(depth)}1${close.repeat(depth)}`
}

/** Huge, nested, of wrong types, in odd Unicode, with SQL and templates in them. */
export function listHostileBodies(): HostileInput[] {
  const json = JSON.stringify(GOOD)
  return [
    sendRaw('a body of 2 MiB', `{"message":"${'x'.repeat(2 * MIB)}"}`, [413, 'body-too-large']),
    sendRaw('a list 100,000 levels deep', nest('[', ']', 100_000), BAD_REQUEST),
    sendRaw('an object 20,000 levels deep', nest('{"a":', '}', 20_000), BAD_REQUEST),
    sendRaw('two bodies in one', `${json}${json}`),
    sendRaw('JSON with a comment', `${json.slice(0, -1)}/* */}`),
    sendRaw('JSON with single quotes', json.replaceAll('"', "'")),
    sendRaw('NaN', '{"phone":NaN}'),
    sendRaw('half a body', json.slice(0, 20)),
    sendRaw('UTF-16', new Uint8Array([...json].flatMap((each) => [each.charCodeAt(0), 0]))),
    sendRaw('overlong UTF-8', new Uint8Array([0x22, 0xc0, 0xaf, 0x22])),
    sendRaw('an entity bomb in XML', '<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;&a;</x>'),
    sendRaw('__proto__', `{"__proto__":{"admin":true},${json.slice(1)}`, BAD_REQUEST),
    sendRaw(
      'constructor.prototype',
      `{"constructor":{"prototype":{}},${json.slice(1)}`,
      BAD_REQUEST,
    ),
    sendRaw('NUL', json.replace('hello', String.raw`a\u0000b`), BAD_REQUEST),
    sendRaw('half a surrogate pair', json.replace('hello', String.raw`a\ud800`), BAD_REQUEST),
    sendRaw('a number of 400 digits as phone', `{"phone":${'9'.repeat(400)}}`, BAD_REQUEST),
    hostile(
      'a form',
      '/send',
      { rawBody: 'phone=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      [415, 'unsupported-media-type'],
    ),
    hostile('a zipped body', '/send', { rawBody: json, headers: { 'content-encoding': 'gzip' } }, [
      415,
      'unsupported-media-type',
    ]),
    send('a phone that is a list', { ...GOOD, phone: ['0912345678'] }),
    send('a phone that is an operator', { ...GOOD, phone: { $gt: '' } }),
    send('a phone with SQL', { ...GOOD, phone: "0912345678'; drop table message; --" }, [
      422,
      'phone-invalid',
    ]),
    send('a phone of full-width digits and RTL', { ...GOOD, phone: '\u202e８７６５４３２１９０' }, [
      422,
      'phone-invalid',
    ]),
    send('a premium number abroad', { ...GOOD, phone: '+882990001234' }, [422, 'phone-invalid']),
    send('a number abroad', { ...GOOD, phone: '+14155552671' }, [422, 'country-not-allowed']),
    send('an emergency number', { ...GOOD, phone: '119' }, [422, 'phone-invalid']),
    send('a text of 6,000 letters', { ...GOOD, message: 'x'.repeat(6_000) }),
    send('nothing but zero-width blanks', { ...GOOD, message: '\u200b\u200d\ufeff ' }, [
      422,
      'text-empty',
    ]),
    send('eleven segments of emoji', { ...GOOD, message: '👨‍👩‍👧‍👦'.repeat(70) }, [422, 'text-too-long']),
    send('a type with SQL', { ...GOOD, message_type: "x'--" }),
    send('a type of another case', { ...GOOD, message_type: 'OTP' }),
    send('status, which is ours to say', { ...GOOD, status: 'delivered' }),
    send('an exemption, which is ours to give', { ...GOOD, exempt_from_opt_out: true }),
    send('another client to pay', { ...GOOD, client_id: '01890000-0000-7000-8000-000000000000' }),
    send('a schedule 10,000 years on', { ...GOOD, schedule_at: '12026-01-01T00:00:00Z' }),
    send('a schedule that is SQL', { ...GOOD, schedule_at: 'now()' }),
    send('media from a file', { ...GOOD, media_urls: ['file:///etc/passwd'] }),
    send('media from inside', { ...GOOD, media_urls: ['http://169.254.169.254/'] }),
    send('a template that is a path', {
      ...GOOD,
      message: undefined,
      template_code: '../../etc/passwd',
    }),
    send('values that are objects', {
      ...GOOD,
      message: undefined,
      template_code: 'payment_reminder',
      template_data: { amount: {} },
    }),
    send(
      '__proto__ as a value',
      JSON.parse(
        '{"phone":"0912345678","message_type":"notice","template_code":"payment_reminder","template_data":{"__proto__":"x"}}',
      ),
    ),
    hostile(
      'an idempotency key with a line break',
      '/send',
      { body: GOOD, headers: { 'idempotency-key': 'a b' } },
      BAD_REQUEST,
    ),
    hostile(
      'an idempotency key of 300 letters',
      '/send',
      { body: GOOD, headers: { 'idempotency-key': 'k'.repeat(300) } },
      BAD_REQUEST,
    ),
    hostile(
      'a batch of 10,001',
      '/bulk',
      {
        body: {
          message: 'a',
          message_type: 'notice',
          recipients: Array.from({ length: 10_001 }, () => ({ phone: '1' })),
        },
      },
      BAD_REQUEST,
    ),
    hostile(
      'a template that calls itself',
      '/templates',
      { body: { code: 'x', name: 'x', content: '{a:{b}}{', weight: -1 } },
      BAD_REQUEST,
    ),
    hostile(
      'a template code with SQL',
      '/templates',
      { body: { code: "a'; --", name: 'x', content: 'x' } },
      BAD_REQUEST,
    ),
    hostile(
      'a preview of code',
      '/templates/payment_reminder/preview',
      { body: { template_data: { amount: ['${process.env}'] } } },
      BAD_REQUEST,
    ),
    hostile(
      'a time zone that is a path',
      '/customers/c1',
      { method: 'PUT', body: { time_zone: '../../../etc/localtime' } },
      [422, 'time-zone-unknown'],
    ),
    hostile('a rate of 1e309', '/failed/retry', { rawBody: '{"per_minute":1e309}' }, BAD_REQUEST),
    hostile(
      'an action that is none',
      '/messages/01890000-0000-7000-8000-000000000000/resolve',
      { body: { action: 'drop' } },
      BAD_REQUEST,
    ),
  ]
}
