import { expect, test } from '@jest/globals'
import { checkKey, NEW_KEY, stateOf, toKeyRequest } from './key-draft.ts'

const whole = { ...NEW_KEY, name: ' orders ', client: 'shop' }

test('a name, a client and a scope are needed', () => {
  expect(checkKey(whole)).toEqual({})
  expect(checkKey({ ...NEW_KEY, scopes: [] })).toEqual({
    name: 'required',
    client: 'required',
    scopes: 'noScope',
  })
})

test.each(['0', '1.5', 'many', '1000001'])('%s is no rate', (rate) => {
  expect(checkKey({ ...whole, rate })).toEqual({ rate: 'badRate' })
})

test('what is left out is not sent', () => {
  expect(toKeyRequest(whole)).toEqual({
    name: 'orders',
    client_name: 'shop',
    scopes: ['send', 'read'],
  })
})

test('addresses are told apart by commas and spaces', () => {
  const request = toKeyRequest({
    ...whole,
    addresses: '192.0.2.1, 192.0.2.0/24\n2001:db8::/32',
    rate: '60',
  })
  expect(request).toMatchObject({
    allowed_addresses: ['192.0.2.1', '192.0.2.0/24', '2001:db8::/32'],
    rate_per_minute: 60,
  })
})

test('a key lasts to the end of its day', () => {
  const { expires_at: at } = toKeyRequest({ ...whole, expires: '2026-12-31' })
  expect(new Date(at!)).toEqual(new Date(2026, 11, 31, 23, 59, 59, 999))
})

test.each([
  [{ revoked_at: null, expires_at: null }, 'active'],
  [{ revoked_at: null, expires_at: '2026-01-01T00:00:00Z' }, 'expired'],
  [{ revoked_at: '2025-01-01T00:00:00Z', expires_at: '2026-01-01T00:00:00Z' }, 'revoked'],
])('%j is %s', (key, state) => {
  expect(stateOf(key, new Date('2026-01-01T00:00:00Z'))).toBe(state)
})
