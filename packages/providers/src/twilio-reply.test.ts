import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readBalance, readCreateReply, readMessagePage, type TwilioReply } from './twilio-reply.ts'

const NOW = new Date('2025-03-24T15:00:00Z')
const SID = `SM${'0a'.repeat(16)}`

function answered(status: number, json: unknown, headers = {}): TwilioReply {
  return { exchange: { kind: 'answered', status, headers, body: Buffer.alloc(0) }, json }
}

test('a sid is the reference', () => {
  expect(readCreateReply(answered(201, { sid: SID, status: 'queued' }), NOW)).toEqual({
    kind: 'accepted',
    reference: SID,
  })
})

test.each([
  ['no body', answered(201, undefined), 'HTTP_201'],
  ['no sid', answered(201, { status: 'queued' }), 'HTTP_201'],
  ['a wrong sid', answered(201, { sid: 'SM1' }), 'HTTP_201'],
  ['not an object', answered(200, 'ok'), 'HTTP_200'],
  ['a redirect', answered(302, undefined), 'HTTP_302'],
  ['a bad gateway', answered(502, undefined), 'HTTP_502'],
  ['a lost answer', { exchange: { kind: 'lost', code: 'TIMEOUT' }, json: undefined }, 'TIMEOUT'],
] as Array<[string, TwilioReply, string]>)('%s is in doubt', (_, reply, code) => {
  expect(readCreateReply(reply, NOW)).toMatchObject({ kind: 'in_doubt', code })
})

test('a 429 tells how long to wait', () => {
  const reply = answered(429, { code: 20429, message: '', status: 429 }, { 'retry-after': '3' })
  expect(readCreateReply(reply, NOW)).toEqual({
    kind: 'throttled',
    code: '20429',
    detail: 'too many requests',
    retryAfterMs: 3_000,
  })
})

test('the words of an error, which name the number, are left out', () => {
  const problem = { code: 21211, message: "The 'To' number +886912345678 is not valid" }
  const outcome = readCreateReply(answered(400, problem), NOW)
  expect(outcome).toMatchObject({ kind: 'refused', reason: 'number', code: '21211' })
  expect(JSON.stringify(outcome)).not.toContain('912345678')
})

test('whatever comes back, nothing but a 2xx with a sid is accepted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), fc.jsonValue(), (status, json) => {
      expect(readCreateReply(answered(status, json), NOW).kind).not.toBe('accepted')
    }),
  )
})

test('only a whole page is read', () => {
  const listed = {
    sid: SID,
    body: 'x',
    direction: 'outbound-api',
    date_created: 'Thu, 24 Aug 2023 05:01:45 +0000',
  }
  expect(readMessagePage(answered(200, { messages: [listed], next_page_uri: null }))).toEqual({
    messages: [{ ...listed, date_created: Date.UTC(2023, 7, 24, 5, 1, 45) }],
    next_page_uri: null,
  })
  expect(readMessagePage(answered(200, { messages: [{ ...listed, date_created: '?' }] }))).toBe(
    undefined,
  )
  expect(readMessagePage(answered(200, {}))).toBe(undefined)
  expect(readMessagePage(answered(500, { messages: [] }))).toBe(undefined)
})

test('the balance is a decimal with its currency', () => {
  const reply = { account_sid: 'AC', balance: '12.34', currency: 'USD' }
  expect(readBalance(answered(200, reply))).toEqual({ amount: '12.34', currency: 'USD' })
  expect(readBalance(answered(401, reply))).toBe(undefined)
  expect(readBalance(answered(200, {}))).toBe(undefined)
})
