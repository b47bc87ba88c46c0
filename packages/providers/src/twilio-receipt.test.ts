import { expect, test } from '@jest/globals'
import twilio from 'twilio'
import { readFormParams } from './form-params.ts'
import { readTwilioReceipt, verifyTwilioSignature } from './twilio-receipt.ts'

const ZEROS = '0'.repeat(32)
const SID = `SM${ZEROS}`

/** The vector of providers.md, 4.4. */
const VECTOR = {
  authToken: '12345',
  signature: 'UxuY42EXBceRThOsyo3egsENq6c=',
  url: 'https://gw.example.com/webhooks/twilio/status?foo=1',
  params: {
    AccountSid: `AC${ZEROS}`,
    ApiVersion: '2010-04-01',
    From: '+15005550006',
    MessageSid: SID,
    SmsSid: SID,
    MessageStatus: 'delivered',
    SmsStatus: 'delivered',
    To: '+886912345678',
  },
}

test('takes the signature of the published vector', () => {
  expect(verifyTwilioSignature(VECTOR)).toBe(true)
})

test('takes the vector of a JSON body, whose hash is in the signed query', () => {
  const hash = '24466f368343e7f19ff9812f46cd548b45100e1dd244815a5549c2c853b331dd'
  const signature = 'eD6O28h7CNNAPk8Mj1AUxSfOmLg='
  const url = `https://gw.example.com/json?bodySHA256=${hash}`
  expect(verifyTwilioSignature({ authToken: '12345', signature, url, params: {} })).toBe(true)
})

test.each([
  ['no signature', { signature: undefined }],
  ['an empty signature', { signature: '' }],
  ['a short signature', { signature: 'UxuY42' }],
  ['a long signature', { signature: `${VECTOR.signature}AAAA` }],
  ['a signature of other letters', { signature: VECTOR.signature.toLowerCase() }],
  ['two signatures', { signature: `${VECTOR.signature}, ${VECTOR.signature}` }],
  ['a signature that is not ASCII', { signature: '簽'.repeat(28) }],
  ['another token', { authToken: '12346' }],
  ['another host', { url: VECTOR.url.replace('gw', 'evil') }],
  ['another query', { url: VECTOR.url.replace('foo=1', 'foo=2') }],
  ['a longer query', { url: `${VECTOR.url}&attempt=1` }],
  ['plain http', { url: VECTOR.url.replace('https', 'http') }],
  ['a changed field', { params: { ...VECTOR.params, MessageStatus: 'failed' } }],
  ['one field more', { params: { ...VECTOR.params, ErrorCode: '30003' } }],
  ['one field less', { params: { ...VECTOR.params, To: '' } }],
])('refuses %s', (_, change) => {
  expect(verifyTwilioSignature({ ...VECTOR, ...change })).toBe(false)
})

test.each(['https://gw.example.com:443', 'https://gw.example.com'])(
  'takes it as called at %s',
  (base) => {
    const url = `${base}/webhooks/twilio/status?foo=1`
    expect(verifyTwilioSignature({ ...VECTOR, url })).toBe(true)
  },
)

test('a field that comes twice is signed with its unique values, sorted', () => {
  const body = 'A=2&A=1&A=2&B=x'
  const params = readFormParams(body)
  expect({ ...params }).toEqual({ A: ['2', '1', '2'], B: 'x' })
  const url = 'https://gw.example.com/'
  const signature = twilio.getExpectedTwilioSignature('t', url, { A: ['1', '2'], B: 'x' })
  expect(verifyTwilioSignature({ authToken: 't', signature, url, params })).toBe(true)
  const other = readFormParams('A=1&B=x')
  expect(verifyTwilioSignature({ authToken: 't', signature, url, params: other })).toBe(false)
})

test('a field may have any name', () => {
  const params = readFormParams('__proto__=1&constructor=2&hasOwnProperty=3')
  expect(Object.keys(params)).toEqual(['__proto__', 'constructor', 'hasOwnProperty'])
  expect(readTwilioReceipt(params)).toBe(undefined)
})

test.each([
  ['queued', 'accepted'],
  ['accepted', 'accepted'],
  ['scheduled', 'accepted'],
  ['sending', 'sent'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'undelivered'],
  ['canceled', 'undelivered'],
])('%s is %s', (MessageStatus, status) => {
  expect(readTwilioReceipt({ MessageSid: SID, MessageStatus })).toEqual({ reference: SID, status })
})

test('an older receipt names the Sms fields alone', () => {
  expect(readTwilioReceipt({ SmsSid: SID, SmsStatus: 'sent' })).toEqual({
    reference: SID,
    status: 'sent',
  })
})

test.each([
  ['30003', 'the handset could not be reached', undefined],
  ['30004', 'blocked by the carrier or the subscriber', undefined],
  ['21610', 'the subscriber has unsubscribed', true],
  ['39999', 'a code that our table does not have', undefined],
])('%s is explained', (ErrorCode, detail, optedOut) => {
  const report = readTwilioReceipt({ MessageSid: SID, MessageStatus: 'undelivered', ErrorCode })
  expect(report).toMatchObject({ status: 'undelivered', errorCode: ErrorCode, detail })
  expect(report?.optedOut).toBe(optedOut)
})

test.each([
  ['an unknown status', { MessageSid: SID, MessageStatus: 'exploded' }],
  ['a status of the language', { MessageSid: SID, MessageStatus: 'toString' }],
  ['no id', { MessageStatus: 'sent' }],
  ['an id that is none', { MessageSid: 'SM1', MessageStatus: 'sent' }],
  ['two ids', { MessageSid: [SID, SID], MessageStatus: 'sent' }],
  ['two statuses', { MessageSid: SID, MessageStatus: ['sent', 'failed'] }],
  ['nothing', {}],
])('%s is no receipt', (_, params) => {
  expect(readTwilioReceipt(params)).toBe(undefined)
})
