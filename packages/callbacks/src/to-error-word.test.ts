import { expect, test } from '@jest/globals'
import { toErrorWord } from './to-error-word.ts'

const withCode = (code: string) => Object.assign(new Error('it says 127.0.0.1'), { code })

test.each([
  ['ECONNREFUSED', 'connection-refused'],
  ['ENOTFOUND', 'dns'],
  ['ESERVFAIL', 'dns'],
  ['ETIMEOUT', 'dns'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_SOCKET', 'connection-lost'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['HPE_INVALID_CONSTANT', 'not-http'],
  ['ADDRESS_NOT_ALLOWED', 'address-not-allowed'],
  ['SOMETHING_ELSE', 'failed'],
])('%s is called %s, whatever its message says', (code, word) => {
  expect(toErrorWord(withCode(code))).toBe(word)
})

test('looks into what caused it, and at the last of several', () => {
  expect(toErrorWord(new Error('x', { cause: withCode('ECONNRESET') }))).toBe('connection-lost')
  const several = new AggregateError([withCode('ENETUNREACH'), withCode('ECONNREFUSED')])
  expect(toErrorWord(several)).toBe('connection-refused')
  expect(toErrorWord('no error at all')).toBe('failed')
})
