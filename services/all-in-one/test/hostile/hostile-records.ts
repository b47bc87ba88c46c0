import { BAD_REQUEST, hostile, type HostileInput, type Target } from './hostile-input.ts'

const FORBIDDEN: [number, string] = [403, 'forbidden']
const BAD_PHONE: [number, string] = [422, 'phone-invalid']
const NO_CALLBACK: [number, string] = [404, 'callback-not-found']
const NO_CAMPAIGN: [number, string] = [404, 'campaign-not-found']
const put = (body: unknown) => ({ method: 'PUT', body })

/** What is kept about people, keys and addresses: odd numbers, ways inside, what belongs to others. */
export function listHostileRecords(target: Target): HostileInput[] {
  return [...people(target), ...keys(target), ...callbacks(target), ...campaigns(target)]
}

function people({ mallory }: Target): HostileInput[] {
  const consent = (body: object) =>
    put({ kind: 'marketing', granted: true, source: 'web', wording_version: '1', ...body })
  return [
    hostile('an opt-out of SQL', "/opt-outs/'%20or%201=1--", put({}), BAD_PHONE),
    hostile('an opt-out of a path', '/opt-outs/..%2f..%2f', put({}), BAD_PHONE),
    hostile('an opt-out of no kind', '/opt-outs/0912345678', put({ kind: 'some' }), BAD_REQUEST),
    hostile(
      'a consent that is a word',
      '/consents/0912345678',
      consent({ granted: 'yes' }),
      BAD_REQUEST,
    ),
    hostile(
      'a proof of 1 MiB',
      '/consents/0912345678',
      consent({ proof: 'x'.repeat(1024 * 1024) }),
      [413, 'body-too-large'],
    ),
    hostile(
      'an erasure without the scope',
      '/subjects/0912345678',
      { key: mallory, method: 'DELETE' },
      FORBIDDEN,
    ),
    hostile('the erasure of nobody', '/subjects/%00', { method: 'DELETE' }, BAD_PHONE),
    hostile('a reply to nobody', '/conversations/abc/reply', { body: { message: 'x' } }, BAD_PHONE),
    hostile('a keyword of 200 letters', `/keyword-answers/${'x'.repeat(200)}`, put({ text: 'x' }), [
      422,
      'keyword-invalid',
    ]),
  ]
}

function keys({ mallory }: Target): HostileInput[] {
  const key = (name: string, changes: object, expected = BAD_REQUEST) => {
    const body = { client_name: 'x', name: 'x', scopes: ['read'], ...changes }
    return hostile(`an API key ${name}`, '/api-keys', { body }, expected)
  }
  const body = { client_name: 'x', name: 'x', scopes: ['admin'] }
  return [
    hostile('the list of keys without the scope', '/api-keys', { key: mallory }, FORBIDDEN),
    hostile('a key of all scopes for oneself', '/api-keys', { key: mallory, body }, FORBIDDEN),
    key('of a scope that is none', { scopes: ['root'] }),
    key('without a scope', { scopes: [] }),
    key('for a network that is none', { allowed_addresses: ['0.0.0.0/-1'] }),
    key('that ended yesterday', { expires_at: '2020-01-01T00:00:00Z' }, [422, 'expires-in-past']),
  ]
}

function callbacks({ mallory, others }: Target): HostileInput[] {
  const to = (
    name: string,
    url: unknown,
    expected: [number, string] = [422, 'callback-url-not-allowed'],
  ) => hostile(`a callback to ${name}`, '/callbacks', { body: { url } }, expected)
  const path = `/callbacks/${others.callback}`
  return [
    to('the metadata of the cloud', 'https://169.254.169.254/latest/meta-data/'),
    to('ourselves', 'http://127.0.0.1:3000/api/v1/sms/send'),
    to('a file', 'file:///etc/passwd'),
    to('loopback in IPv6', 'https://[::ffff:7f00:1]/'),
    to('an address as one number', 'https://2130706433/'),
    to('a host with credentials', 'https://user:pass@example.com/'),
    to('a list', ['https://hooks.example.com/sms'], BAD_REQUEST),
    hostile('the callback of another', path, { key: mallory }, NO_CALLBACK),
    hostile('the deletion of it', path, { key: mallory, method: 'DELETE' }, NO_CALLBACK),
    hostile(
      'the rotation of its secret',
      `${path}/rotate`,
      { key: mallory, method: 'POST' },
      NO_CALLBACK,
    ),
  ]
}

function campaigns({ mallory, others }: Target): HostileInput[] {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  const form = (name: string, rawBody: string, code = 'invalid-request') =>
    hostile(`a campaign of ${name}`, '/campaigns', { rawBody, headers }, [400, code])
  const file = 'content-disposition: form-data; name="file"; filename="../../x.csv"'
  const path = `/campaigns/${others.campaign}`
  return [
    form('a form without parts', '--x--\r\n'),
    form('half a form', `--x\r\n${file}\r\n\r\nphone\r\n0912`, 'invalid-upload'),
    form('a file alone', `--x\r\n${file}\r\n\r\nphone\r\n0912345678\r\n--x--\r\n`),
    hostile('a campaign of another', path, { key: mallory }, NO_CAMPAIGN),
    hostile('the start of it', `${path}/start`, { key: mallory, method: 'POST' }, NO_CAMPAIGN),
    hostile(
      'the cancelling of it',
      `${path}/cancel`,
      { key: mallory, method: 'POST' },
      NO_CAMPAIGN,
    ),
    hostile('the statistics of 31 February', '/stats?start_date=2026-02-31', {}, BAD_REQUEST),
    hostile('the statistics by SQL', '/stats?group_by=1;drop', {}, BAD_REQUEST),
  ]
}
