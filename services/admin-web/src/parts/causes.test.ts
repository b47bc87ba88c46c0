import { expect, test } from '@jest/globals'
import { causeKey, toSentence } from './causes.ts'

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
