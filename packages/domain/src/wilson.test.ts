import { expect, test } from '@jest/globals'
import { wilsonInterval } from './wilson.ts'

// References: scipy 1.17, binomtest(...).proportion_ci(method='wilson').
test.each([
  [0, 10, 0, 0.27753279986288926],
  [10, 10, 0.7224672001371109, 1],
  [1, 10, 0.017876213095072896, 0.4041500267952385],
  [5, 1_000, 0.0021375355273244604, 0.011650955373375113],
  [950, 1_000, 0.9346861797557491, 0.9618697376072511],
])('%d of %d', (successes, trials, low, high) => {
  const interval = wilsonInterval(successes, trials)
  expect(interval.low).toBeCloseTo(low, 12)
  expect(interval.high).toBeCloseTo(high, 12)
})

test('of nobody says nothing', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
})
