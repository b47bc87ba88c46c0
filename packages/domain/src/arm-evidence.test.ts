import { expect, test } from '@jest/globals'
import { logEvidence } from './arm-evidence.ts'

const arm = (weight: number, successes: number, failures: number) => ({
  weight,
  successes,
  failures,
})

// References: the mixtures' integrals by mpmath 1.3's quadrature.
test.each([
  [arm(1, 90, 10), arm(1, 80, 20), -0.01334136195008467],
  [arm(3, 30, 2), arm(1, 4, 6), 1.037801140097032],
  [arm(50, 500, 0), arm(50, 450, 50), 15.985682757747341],
])('of %j and %j', (a, b, expected) => {
  expect(logEvidence(a, b)).toBeCloseTo(expected, 10)
  expect(logEvidence(b, a)).toBeCloseTo(expected, 10)
})

test('nobody is no evidence, and millions are a number', () => {
  expect(logEvidence(arm(1, 0, 0), arm(1, 0, 0))).toBeCloseTo(0, 12)
  const much = logEvidence(arm(1, 1_000_000, 0), arm(1, 0, 1_000_000))
  expect(much).toBeGreaterThan(1_000_000)
  expect(Number.isFinite(much)).toBe(true)
})

/** Under "no difference" the e-value is 1 on average: summed over everything that can happen, without any chance. */
test.each([
  [1, 1, 0.3],
  [7, 3, 0.3],
  [9, 1, 0.9],
])('is a fair bet at weights %d and %d and a rate of %d', (weightA, weightB, rate) => {
  const people = 12
  const w = weightA / (weightA + weightB)
  let mean = 0
  for (let successes = 0; successes <= people; successes++) {
    const failures = people - successes
    for (let sa = 0; sa <= successes; sa++) {
      for (let fa = 0; fa <= failures; fa++) {
        const chance =
          choose(people, successes) *
          rate ** successes *
          (1 - rate) ** failures *
          choose(successes, sa) *
          w ** sa *
          (1 - w) ** (successes - sa) *
          choose(failures, fa) *
          w ** fa *
          (1 - w) ** (failures - fa)
        const [a, b] = [arm(weightA, sa, fa), arm(weightB, successes - sa, failures - fa)]
        mean += chance * Math.exp(logEvidence(a, b))
      }
    }
  }
  expect(mean).toBeCloseTo(1, 10)
})

function choose(n: number, k: number): number {
  let result = 1
  for (let index = 1; index <= k; index++) result = (result * (n - k + index)) / index
  return result
}
