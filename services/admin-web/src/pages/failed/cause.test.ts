import { expect, test } from '@jest/globals'
import { causeKindOf } from './cause.ts'

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
