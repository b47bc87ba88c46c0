import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { makeOptOutToken, readOptOutToken } from '@sms-gateway/db/opt-out-token'
import { createVault } from '@sms-gateway/db/vault'
import { Phone } from '@sms-gateway/domain/phone'
import { after, NOW, vault } from './support.ts'

const DAY = 86_400
const link = { phone: Phone.parse('+886912345678'), kind: 'marketing' } as const
const token = makeOptOutToken(vault, link, after(30 * DAY))

test('a token opens as what it was made of, for any number and kind', () => {
  const phones = fc.stringMatching(/^\+[1-9]\d{6,14}$/).map((text) => Phone.parse(text))
  const kinds = fc.constantFrom('marketing' as const, 'all' as const)
  fc.assert(
    fc.property(phones, kinds, (phone, kind) => {
      const made = makeOptOutToken(vault, { phone, kind }, after(DAY))
      expect(made).toMatch(/^[A-Za-z0-9_-]{27}$/)
      expect(readOptOutToken(vault, made, NOW)).toEqual({ kind: 'ok', link: { phone, kind } })
    }),
  )
})

test('no number can be read in it', () => {
  const bytes = Buffer.from(token, 'base64url')
  const number = BigInt('886912345678').toString(16)
  expect(bytes.toString('hex')).not.toContain(number)
  expect(token).not.toContain('912345678')
})

test('each bit of it counts', () => {
  const bytes = Buffer.from(token, 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(readOptOutToken(vault, changed.toString('base64url'), NOW).kind).toBe('forged')
  }
})

test.each([
  '',
  'x',
  token.slice(1),
  `${token}A`,
  'A'.repeat(27),
  `${token.slice(0, 26)}!`,
  '../..',
])('is forged: %j', (text) => {
  expect(readOptOutToken(vault, text, NOW)).toEqual({ kind: 'forged' })
})

test('another lookup key knows nothing of it; another encryption key is no matter', () => {
  const key = (byte: number) => Buffer.alloc(32, byte)
  const other = createVault({ encryptionKeys: [{ id: 'k1', key: key(1) }], lookupKey: key(9) })
  const rotated = createVault({ encryptionKeys: [{ id: 'k2', key: key(8) }], lookupKey: key(2) })
  expect(readOptOutToken(other, token, NOW)).toEqual({ kind: 'forged' })
  expect(readOptOutToken(rotated, token, NOW)).toEqual({ kind: 'ok', link })
})

test('it ends with its day', () => {
  expect(readOptOutToken(vault, token, after(29 * DAY)).kind).toBe('ok')
  expect(readOptOutToken(vault, token, after(32 * DAY))).toEqual({ kind: 'expired' })
})
