import { createHmac } from 'node:crypto'
import { expect, test } from '@jest/globals'
import {
  ChunghwaReceipt,
  readChunghwaReceipt,
  verifyChunghwaSignature,
} from './chunghwa-receipt.ts'

const SECRET = 'relay-secret'
const NOW = new Date('2025-03-24T15:23:00Z')
const TIMESTAMP = String(NOW.getTime() / 1_000)
const BODY =
  '{"messageid":"H45FB24C","to_addr":"0912345678","code":0,"done_time":"20250324152300","description":"成功"}'

function sign(timestamp: string, body: string | Buffer, secret = SECRET): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')
}

const SIGNED = {
  secret: SECRET,
  timestamp: TIMESTAMP,
  signature: sign(TIMESTAMP, BODY),
  rawBody: BODY,
  now: NOW,
}

function shift(seconds: number): string {
  return String(Number(TIMESTAMP) + seconds)
}

test.each([
  ['as text', {}],
  ['as bytes', { rawBody: Buffer.from(BODY) }],
  ['in upper case', { signature: SIGNED.signature.toUpperCase() }],
  ['300 s old', { timestamp: shift(-300), signature: sign(shift(-300), BODY) }],
  ['300 s early', { timestamp: shift(300), signature: sign(shift(300), BODY) }],
])('takes a signed receipt %s', (_, change) => {
  expect(verifyChunghwaSignature({ ...SIGNED, ...change })).toBe(true)
})

test.each([
  ['no signature', { signature: undefined }],
  ['an empty one', { signature: '' }],
  ['a short one', { signature: SIGNED.signature.slice(0, -2) }],
  ['a long one', { signature: `${SIGNED.signature}00` }],
  ['one that is not hex', { signature: 'z'.repeat(64) }],
  ['a forged one', { signature: sign(TIMESTAMP, BODY, 'guess') }],
  [
    'one without the timestamp',
    { signature: createHmac('sha256', SECRET).update(BODY).digest('hex') },
  ],
  ['two of them', { signature: `${SIGNED.signature}, ${SIGNED.signature}` }],
  ['a changed body', { rawBody: BODY.replace('"code":0', '"code":3') }],
  ['no timestamp', { timestamp: undefined }],
  ['a timestamp that is none', { timestamp: 'now', signature: sign('now', BODY) }],
  ['a timestamp in ms', { timestamp: `${TIMESTAMP}000`, signature: sign(`${TIMESTAMP}000`, BODY) }],
  ['a signed hex timestamp', { timestamp: '0x1', signature: sign('0x1', BODY) }],
  ['a replayed one', { timestamp: shift(-301), signature: sign(shift(-301), BODY) }],
  ['one from the future', { timestamp: shift(301), signature: sign(shift(301), BODY) }],
  ['an old body under a new timestamp', { timestamp: shift(1) }],
  ['no secret', { secret: '', signature: sign(TIMESTAMP, BODY, '') }],
])('refuses %s', (_, change) => {
  expect(verifyChunghwaSignature({ ...SIGNED, ...change })).toBe(false)
})

test.each([
  [0, 'delivered', undefined],
  ['0', 'delivered', undefined],
  [1, 'sent', undefined],
  [31, 'accepted', undefined],
  ['3', 'undelivered', '3'],
  [33, 'undelivered', '33'],
  [48, 'undelivered', '48'],
])('code %j is %s', (code, status, errorCode) => {
  const receipt = ChunghwaReceipt.parse({ messageid: 'H45FB24C', to_addr: '0912345678', code })
  const report = readChunghwaReceipt(receipt)
  expect(report).toMatchObject({ reference: 'H45FB24C', status })
  expect(report?.errorCode).toBe(errorCode)
  expect(report?.optedOut).toBe(code === 48 ? true : undefined)
})

test.each([-1, 2, 5, 21, 23, 77])('code %i says nothing of the message', (code) => {
  const receipt = ChunghwaReceipt.parse({ messageid: 'H45FB24C', code })
  expect(readChunghwaReceipt(receipt)).toBe(undefined)
})

test('the time is Taiwan time', () => {
  const receipt = ChunghwaReceipt.parse(JSON.parse(BODY))
  expect(readChunghwaReceipt(receipt)?.at).toEqual(new Date('2025-03-24T07:23:00Z'))
})

test.each([
  ['no id', { code: 0 }],
  ['an id that is none', { messageid: 'H 1', code: 0 }],
  ['an id that is too long', { messageid: 'H'.repeat(33), code: 0 }],
  ['no code', { messageid: 'H1' }],
  ['a code that is a word', { messageid: 'H1', code: 'constructor' }],
  ['a code with a fraction', { messageid: 'H1', code: 0.5 }],
  ['a list', []],
  ['null', null],
])('%s is not a receipt', (_, value) => {
  expect(ChunghwaReceipt.safeParse(value).success).toBe(false)
})
