import { expect, test } from '@jest/globals'
import { QUERY_CODES, SUBMIT_CODES } from './chunghwa-codes.ts'
import { readQueryReply, readSubmitReply } from './chunghwa-outcome.ts'
import type { Exchange } from './http-transport.ts'

const TO = '0912345678'

function answered(lines: string, status = 200): Exchange {
  const body = Buffer.from(`<html>\n<header>\n</header>\n<body>\n${lines}</body>\n</html>\n`)
  return { kind: 'answered', status, headers: {}, body }
}

/** providers.md, 1.1, row by row. */
const SUBMITTED: Array<[string, string]> = [
  ['-1', 'in_doubt'],
  ['0', 'accepted'],
  ['2', 'provider'],
  ['3', 'submission'],
  ['5', 'submission'],
  ['11', 'submission'],
  ['12', 'submission'],
  ['13', 'submission'],
  ['14', 'provider'],
  ['15', 'provider'],
  ['16', 'provider'],
  ['17', 'submission'],
  ['18', 'number'],
  ['19', 'submission'],
  ['20', 'submission'],
  ['22', 'provider'],
  ['23', 'provider'],
  ['24', 'provider'],
  ['31', 'provider'],
  ['32', 'provider'],
  ['33', 'provider'],
  ['34', 'provider'],
  ['35', 'provider'],
  ['36', 'throttled'],
  ['37', 'throttled'],
  ['41', 'text'],
  ['43', 'number'],
  ['44', 'submission'],
  ['45', 'provider'],
  ['46', 'provider'],
  ['47', 'provider'],
  ['48', 'opted-out'],
  ['49', 'provider'],
  ['50', 'provider'],
  ['51', 'provider'],
  ['52', 'provider'],
  ['53', 'provider'],
  ['54', 'provider'],
  ['55', 'provider'],
  ['56', 'provider'],
]

test.each(SUBMITTED)('SubmitSM %s is %s', (code, expected) => {
  const reply = answered(`${TO}|${code}|${code === '0' ? 'H45FB24C|' : ''}words<br>\n`)
  const outcome = readSubmitReply(reply, TO)
  expect(outcome.kind === 'refused' ? outcome.reason : outcome.kind).toBe(expected)
  const shown = outcome.kind === 'accepted' ? { reference: 'H45FB24C' } : { code }
  expect(outcome).toMatchObject(shown)
})

test('every SubmitSM code of the table is tested', () => {
  expect(SUBMITTED.map(([code]) => code).sort()).toEqual(Object.keys(SUBMIT_CODES).sort())
})

test('a code that the table does not have goes to the next provider, and says so', () => {
  expect(readSubmitReply(answered(`${TO}|77|new<br>`), TO)).toEqual({
    kind: 'refused',
    reason: 'submission',
    code: '77',
    detail: 'code 77 is not in our table: it is out of date',
  })
})

test.each([
  ['status 502', answered(`${TO}|0|H45FB24C|Success<br>`, 502)],
  ['status 302', answered('', 302)],
  ['a page of its own', answered('<h1>Service unavailable</h1>')],
  ['an empty body', answered('')],
  ['taken without an id', answered(`${TO}|0|Success<br>`)],
  ['taken with an id that is none', answered(`${TO}|0|<b>|Success<br>`)],
  ['only other recipients', answered('0900000001|0|H1|Success<br>0900000002|0|H1|Success<br>')],
  [
    'no tags at all',
    { kind: 'answered', status: 200, headers: {}, body: Buffer.from('OK') } as const,
  ],
  ['nothing', { kind: 'answered', status: 200, headers: {}, body: Buffer.alloc(0) } as const],
  ['a lost answer', { kind: 'lost', code: 'TIMEOUT' } as const],
])('%s is in doubt', (_, exchange) => {
  expect(readSubmitReply(exchange, TO).kind).toBe('in_doubt')
})

test('a failure of the whole request has two fields', () => {
  expect(readSubmitReply(answered('22|Password error<br>'), TO)).toMatchObject({
    kind: 'refused',
    reason: 'provider',
    code: '22',
  })
})

const QUERIED: Array<[string, string]> = [
  ['-1', 'unavailable'],
  ['0', 'delivered'],
  ['1', 'pending'],
  ['2', 'lost'],
  ['3', 'undelivered'],
  ['4', 'unavailable'],
  ['5', 'lost'],
  ['8', 'undelivered'],
  ['9', 'undelivered'],
  ['11', 'undelivered'],
  ['12', 'undelivered'],
  ['13', 'undelivered'],
  ['16', 'lost'],
  ['17', 'lost'],
  ['18', 'lost'],
  ['21', 'lost'],
  ['22', 'unavailable'],
  ['23', 'unavailable'],
  ['24', 'unavailable'],
  ['31', 'pending'],
  ['32', 'undelivered'],
  ['33', 'undelivered'],
  ['48', 'undelivered'],
]

test.each(QUERIED)('QuerySM %s is %s', (code, expected) => {
  const exchange = answered(`${TO}|${code}|20250324152300|words<br>`)
  const result = readQueryReply(exchange, 'H45FB24C', TO)
  expect(result.kind === 'report' ? result.report.status : result.kind).toBe(expected)
  if (result.kind !== 'report') return
  expect(result.report.reference).toBe('H45FB24C')
  expect(result.report.at).toEqual(new Date('2025-03-24T15:23:00+08:00'))
  expect(result.report.errorCode).toBe(code === '0' ? undefined : code)
  expect(result.report.optedOut).toBe(code === '48' ? true : undefined)
})

test('every QuerySM code of the table is tested', () => {
  expect(QUERIED.map(([code]) => code).sort()).toEqual(Object.keys(QUERY_CODES).sort())
})

test.each([
  ['an unknown code', answered(`${TO}|77|null|new<br>`)],
  ['a bad gateway', answered('', 502)],
  ['no page of IMSP', answered('<h1>hello</h1>')],
  ['a lost answer', { kind: 'lost', code: 'TIMEOUT' } as const],
  ['a refused connection', { kind: 'unreachable', code: 'ECONNREFUSED' } as const],
])('%s is asked again later', (_, exchange) => {
  expect(readQueryReply(exchange, 'H45FB24C', TO).kind).toBe('unavailable')
})

test('of several recipients ours is read', () => {
  const page =
    '<body> 0933444555 | 1 | null | Message is processing <br> 0912345678 | 0 | 20250324152300 | Successful </body>'
  const exchange: Exchange = { kind: 'answered', status: 200, headers: {}, body: Buffer.from(page) }
  expect(readQueryReply(exchange, 'H1', '0912345678').kind).toBe('report')
  expect(readQueryReply(exchange, 'H1', '0933444555').kind).toBe('pending')
})
