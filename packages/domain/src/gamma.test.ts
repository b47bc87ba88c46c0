import { expect, test } from '@jest/globals'
import { chiSquareTail, logBeta, logGamma } from './gamma.ts'

// References: mpmath 1.3 at 30 digits.
test.each([
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247001],
  [1, 0],
  [1.5, -0.12078223763524522],
  [7.5, 7.534364236758733],
  [30, 71.25703896716801],
  [1_234.5, 7550.550901077895],
  [1_000_000.5, 12815511.476902766],
])('the logarithm of gamma(%d)', (x, expected) => {
  expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-13 * Math.max(1, Math.abs(expected)))
})

test.each([
  [0.5, 0.5, 1.1447298858494002],
  [15, 15, -20.874596601690644],
  [30, 3, -9.607773308387083],
  [100_020, 90_015, -131463.19405629687],
])('the logarithm of beta(%d, %d)', (a, b, expected) => {
  expect(logBeta(a, b)).toBeCloseTo(expected, 8)
})

test.each([
  [0, 1, 1],
  [0.5, 1, 0.4795001221869535],
  [3.841458820694124, 1, 0.05],
  [10.83, 1, 0.0009986863791802587],
  [2, 2, 0.36787944117144233],
  [7.5, 3, 0.057558451972636406],
  [30, 4, 4.8944371280292126e-6],
  [250, 200, 0.009379131668826096],
  [100, 1, 1.523970604832105e-23],
])('chi-square is %d or more with %d degrees of freedom', (value, degrees, expected) => {
  expect(Math.abs(chiSquareTail(value, degrees) / expected - 1)).toBeLessThan(1e-11)
})
