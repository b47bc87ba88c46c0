import { fc, test as property } from '@fast-check/jest'
import { expect, test } from '@jest/globals'
import { priceOf, toDecimal } from './money.ts'

test.each([
  { provider: 'twilio', segments: 1, expected: '0.50' },
  { provider: 'twilio', segments: 3, expected: '1.50' },
  { provider: 'chunghwa', segments: 1, expected: '0.70' },
  { provider: 'chunghwa', segments: 10, expected: '7.00' },
] as const)(
  '$segments segments cost $expected at $provider',
  ({ provider, segments, expected }) => {
    expect(toDecimal(priceOf(provider, segments))).toBe(expected)
  },
)

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
