import { expect, test } from '@jest/globals'
import { causeKey, causeKindOf, toSentence } from './cause.ts'

test.each([
  ['twilio', '21211', 'number'],
  ['twilio', '30007', 'text'],
  ['twilio', '20003', 'account'],
  ['twilio', '30003', 'passing'],
  ['chunghwa', '41', 'text'],
  ['chunghwa', '43', 'number'],
  ['chunghwa', '22', 'account'],
  // The same digits are something else at another provider.
  ['twilio', '41', 'passing'],
  [null, 'attempts-exhausted', 'passing'],
  ['chunghwa', null, 'passing'],
] as const)('of %s the code %s is about: %s', (provider, code, kind) => {
  expect(causeKindOf(provider, code)).toBe(kind)
})

test('a code of digits is found with its provider, the others without', () => {
  expect(causeKey('twilio', '21211')).toBe('twilio:21211')
  expect(causeKey('twilio', 'ECONNREFUSED')).toBe('ECONNREFUSED')
  expect(causeKey(null, 'attempts-exhausted')).toBe('attempts-exhausted')
})

test.each([
  ['the number is not valid', 'The number is not valid.'],
  [' Done. ', 'Done.'],
])('writes %p as a sentence', (detail, sentence) => {
  expect(toSentence(detail)).toBe(sentence)
})
