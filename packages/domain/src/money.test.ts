import { fc, test as property } from '@fast-check/jest'
import { expect, test } from '@jest/globals'
import { type PriceList, priceOf, readDecimal, toDecimal } from './money.ts'

const AT = new Date('2026-03-01T00:00:00Z')

test.each([
  { provider: 'twilio', segments: 1, expected: '0.50' },
  { provider: 'twilio', segments: 3, expected: '1.50' },
  { provider: 'chunghwa', segments: 1, expected: '0.70' },
  { provider: 'chunghwa', segments: 10, expected: '7.00' },
] as const)(
  '$segments segments cost $expected at $provider',
  ({ provider, segments, expected }) => {
    const question = { provider, country: 'TW', at: AT }
    expect(toDecimal(priceOf([], question, segments))).toBe(expected)
  },
)

const PRICES: PriceList = [
  { provider: 'twilio', country: '*', milli: 900, validFrom: new Date('2026-01-01T00:00:00Z') },
  { provider: 'twilio', country: 'TW', milli: 400, validFrom: new Date('2026-02-01T00:00:00Z') },
  { provider: 'twilio', country: 'TW', milli: 450, validFrom: AT },
  { provider: 'chunghwa', country: 'TW', milli: 650, validFrom: AT },
]

test.each([
  { at: '2026-03-01T00:00:00Z', country: 'TW', expected: 450 },
  { at: '2026-02-28T23:59:59Z', country: 'TW', expected: 400 },
  { at: '2026-01-31T23:59:59Z', country: 'TW', expected: 900 },
  { at: '2026-03-01T00:00:00Z', country: 'JP', expected: 900 },
  { at: '2025-12-31T23:59:59Z', country: 'JP', expected: 500 },
])('at $at a segment to $country costs $expected', ({ at, country, expected }) => {
  const question = { provider: 'twilio', country, at: new Date(at) } as const
  expect(priceOf(PRICES, question, 1)).toBe(expected)
  expect(priceOf(PRICES.toReversed(), question, 3)).toBe(3 * expected)
})

test.each([
  ['0.7', 700],
  ['0.70', 700],
  ['12', 12_000],
  ['1.005', 1_005],
  ['-1', undefined],
  ['1.0005', undefined],
  ['1e3', undefined],
  ['', undefined],
  ['1234567890', undefined],
])('%j is %p thousandths', (text, expected) => {
  expect(readDecimal(text)).toBe(expected)
})

test.each([
  { milli: 0, expected: '0.00' },
  { milli: 1, expected: '0.001' },
  { milli: 10, expected: '0.01' },
  { milli: 99, expected: '0.099' },
  { milli: 1_000, expected: '1.00' },
  { milli: 1_005, expected: '1.005' },
  { milli: 1_250, expected: '1.25' },
  { milli: 12_345_678_900, expected: '12345678.90' },
])('$milli thousandths are $expected', ({ milli, expected }) => {
  expect(toDecimal(milli)).toBe(expected)
})

property.prop([fc.maxSafeNat()])('a decimal is exact, with two or three decimals', (milli) => {
  const decimal = toDecimal(milli)
  expect(decimal).toMatch(/^\d+\.\d{2}[1-9]?$/)
  const [whole = '', rest = ''] = decimal.split('.')
  expect(BigInt(whole) * 1_000n + BigInt(rest.padEnd(3, '0'))).toBe(BigInt(milli))
})
