import { expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { createCallbackSecret, signCallback } from './sign-callback.ts'

const BODY = '{"type":"message.delivered","data":{"message":"您的瓦斯已出發"}}'

test('a secret is of 32 bytes, and another one each time', () => {
  const secret = createCallbackSecret()
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(createCallbackSecret()).not.toBe(secret)
})

test("the verifier of Standard Webhooks takes what we sign, with each of the secrets, and nobody else's", () => {
  const [now, old, other] = [createCallbackSecret(), createCallbackSecret(), createCallbackSecret()]
  const at = new Date()
  const headers = signCallback({ id: 'evt-1', at, body: BODY }, [now, old])
  for (const secret of [now, old]) {
    expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY))
  }
  expect(() => new Webhook(other).verify(BODY, headers)).toThrow('signature')
  expect(() => new Webhook(now).verify(`${BODY} `, headers)).toThrow('signature')
  expect(() => new Webhook(now).verify(BODY, { ...headers, 'webhook-id': 'evt-2' })).toThrow(
    'signature',
  )
  expect(headers['webhook-signature']).toBe(
    [now, old].map((secret) => new Webhook(secret).sign('evt-1', at, BODY)).join(' '),
  )
})

test('a callback of more than five minutes ago is refused by it', () => {
  const secret = createCallbackSecret()
  const at = new Date(Date.now() - 6 * 60_000)
  const headers = signCallback({ id: 'evt-1', at, body: BODY }, [secret])
  expect(() => new Webhook(secret).verify(BODY, headers)).toThrow('too old')
})
