import { BAD_REQUEST, hostile, type HostileInput, type Target } from './hostile-input.ts'

const NOBODY: [number, string] = [401, 'unauthorized']
const NO_MESSAGE: [number, string] = [404, 'message-not-found']
const NO_ROUTE: [number, string] = [404, 'route-not-found']

/** Path tricks, keys that are none, scopes that are missing, ids of others. */
export function listHostilePaths({ mallory, held, sent }: Target): HostileInput[] {
  const post = { method: 'POST' }
  const asMallory = { key: mallory }
  const auth = (name: string, authorization: string) =>
    hostile(name, `/messages/${sent}`, { key: null, headers: { authorization } }, NOBODY)
  return [
    hostile('a path upwards', '/messages/..%2f..%2fproviders', {}, NO_MESSAGE),
    hostile('a path upwards twice encoded', '/messages/%252e%252e%252f', {}, NO_MESSAGE),
    hostile('a broken percent-encoding', '/messages/%zz', {}, BAD_REQUEST),
    hostile('NUL in a path', '/messages/%00', {}, NO_MESSAGE),
    hostile('SQL as an id', "/messages/1'%20or%20'1'='1", {}, NO_MESSAGE),
    hostile('an id with a blank behind', `/messages/${sent}%20`, {}, NO_MESSAGE),
    hostile('an id of 8,000 letters', `/messages/${'a'.repeat(8_000)}`, {}, NO_MESSAGE),
    hostile('a route that is none', '/admin', {}, NO_ROUTE),
    hostile('a dump of the environment', '!/.env', {}, NO_ROUTE),
    hostile('the source', '!/package.json', {}, NO_ROUTE),
    hostile('a limit that is SQL', '/logs?limit=1;drop%20table%20message', {}, BAD_REQUEST),
    hostile('a cursor that somebody made up', '/logs?cursor=%27%20or%201=1', {}, BAD_REQUEST),
    hostile('a filter twice', '/logs?status=sent&status=failed', {}, BAD_REQUEST),
    hostile('a filter that is an object', '/logs?phone[$ne]=1', {}, BAD_REQUEST),
    hostile('no key', `/messages/${sent}`, { key: null }, NOBODY),
    hostile('a key in the query', `/messages/${sent}?api_key=${mallory}`, { key: null }, NOBODY),
    auth('a key with SQL', "Bearer ' or 1=1 --"),
    auth('two keys in one', `Bearer ${mallory} ${mallory}`),
    auth('a key of 10,000 letters', `Bearer ${'a'.repeat(10_000)}`),
    auth('a JWT without a signature', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.'),
    auth('another scheme', 'Basic YWRtaW46YWRtaW4='),
    hostile('a message of another', `/messages/${sent}`, asMallory, NO_MESSAGE),
    hostile(
      'the cancelling of another',
      `/messages/${held}/cancel`,
      { ...post, ...asMallory },
      NO_MESSAGE,
    ),
    hostile(
      'the retry of another',
      `/messages/${sent}/retry`,
      { ...post, ...asMallory },
      NO_MESSAGE,
    ),
    hostile(
      'the resolving of another',
      `/messages/${sent}/resolve`,
      { ...asMallory, body: { action: 'failed' } },
      NO_MESSAGE,
    ),
    hostile('the audit without the scope', '/audit', asMallory, [403, 'forbidden']),
    hostile('a provider that is none', '/providers/__proto__/enable', post, [
      404,
      'provider-not-found',
    ]),
    hostile('an action that is none', '/providers/twilio/constructor', post, [
      404,
      'provider-not-found',
    ]),
    hostile('DELETE where there is GET', `/messages/${sent}`, { method: 'DELETE' }, NO_ROUTE),
  ]
}
