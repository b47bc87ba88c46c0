import { expect, test } from '@jest/globals'
import { classifyTwilioError, TWILIO_CODES } from './twilio-codes.ts'

/** providers.md, 4.6, row by row: status, code, what it comes to. */
const ROWS: Array<[number, string, string]> = [
  [401, '20003', 'provider'],
  [404, '20404', 'provider'],
  [429, '20429', 'throttled'],
  [500, '20500', 'in_doubt'],
  [400, '21211', 'number'],
  [400, '21212', 'provider'],
  [400, '21219', 'submission'],
  [400, '21608', 'submission'],
  [403, '21408', 'submission'],
  [400, '21602', 'text'],
  [400, '21604', 'number'],
  [400, '21606', 'provider'],
  [400, '21610', 'opted-out'],
  [429, '21611', 'throttled'],
  [400, '21612', 'submission'],
  [400, '21614', 'number'],
  [400, '21617', 'text'],
  [400, '21703', 'provider'],
  [400, '21705', 'provider'],
  [400, '35114', 'submission'],
  [400, '35115', 'submission'],
  [400, '35117', 'submission'],
  [400, '35118', 'submission'],
  [429, '35125', 'throttled'],
  [400, '30001', 'throttled'],
  [400, '30002', 'provider'],
  [400, '30003', 'submission'],
  [400, '30004', 'submission'],
  [400, '30005', 'number'],
  [400, '30006', 'number'],
  [400, '30007', 'text'],
  [400, '30008', 'submission'],
  [400, '30009', 'submission'],
  [400, '30010', 'submission'],
  [400, '30022', 'submission'],
  [400, '30034', 'submission'],
]

test.each(ROWS)('%i with %s is %s', (status, code, expected) => {
  const outcome = classifyTwilioError({ status, code })
  expect(outcome.kind === 'refused' ? outcome.reason : outcome.kind).toBe(expected)
  expect(outcome).toMatchObject({ code })
})

test('every code of the table is tested', () => {
  expect(ROWS.map(([, code]) => code).sort()).toEqual(Object.keys(TWILIO_CODES).sort())
})

test.each([
  [400, '99999', { kind: 'refused', reason: 'submission' }],
  [422, undefined, { kind: 'refused', reason: 'submission' }],
  [403, undefined, { kind: 'refused', reason: 'provider' }],
  [401, '70051', { kind: 'refused', reason: 'provider' }],
  [429, undefined, { kind: 'throttled', code: 'HTTP_429' }],
  [429, '99999', { kind: 'throttled', code: '99999' }],
  [502, undefined, { kind: 'in_doubt', code: 'HTTP_502' }],
  // A 5xx may have been taken, whatever its body says.
  [503, '21211', { kind: 'in_doubt' }],
  [307, undefined, { kind: 'in_doubt' }],
])('%i with %s follows the default rule', (status, code, expected) => {
  expect(classifyTwilioError({ status, ...(code === undefined ? {} : { code }) })).toMatchObject(
    expected,
  )
})

test('the time to wait is told', () => {
  expect(classifyTwilioError({ status: 429, retryAfterMs: 7_000 })).toMatchObject({
    kind: 'throttled',
    retryAfterMs: 7_000,
  })
})
