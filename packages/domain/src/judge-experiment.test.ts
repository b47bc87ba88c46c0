import { describe, expect, test } from '@jest/globals'
import { type Arm, judgeExperiment } from './judge-experiment.ts'

const NOBODY = { share: 0, people: 0 }
const ALPHA = 0.05

function arm(variant: string, successes: number, failures: number, weight = 50): Arm {
  return { variant, weight, people: successes + failures, successes, failures }
}

test('the better variant wins once the evidence holds, not before', () => {
  const judge = (times: number) =>
    judgeExperiment([arm('A', 90 * times, 10 * times), arm('B', 96 * times, 4 * times)], {
      alpha: ALPHA,
      heldOut: NOBODY,
    })
  expect(judge(1)).toMatchObject({ winner: null, comparisons: [{ better: 'B', worse: 'A' }] })
  expect(judge(10)).toMatchObject({ winner: 'B', split: { mismatch: false } })
  expect(judge(10).comparisons[0]?.pValue).toBeLessThan(ALPHA)
})

test('of three, the winner must beat both others', () => {
  const [best, twin, worst] = [arm('A', 960, 40), arm('B', 955, 45), arm('C', 850, 150)]
  const options = { alpha: ALPHA, heldOut: NOBODY }
  expect(judgeExperiment([best, twin, worst], options).winner).toBeNull()
  const clear = judgeExperiment([best, arm('B', 860, 140), worst], options)
  expect(clear.winner).toBe('A')
  expect(clear.comparisons).toHaveLength(3)
})

test('nobody wins where people are missing from a variant, of all or of those whose outcome is in', () => {
  const arms = [arm('A', 960, 40), arm('B', 1_100, 200)]
  const options = { alpha: ALPHA, heldOut: NOBODY }
  expect(judgeExperiment(arms, options)).toMatchObject({ winner: null, split: { mismatch: true } })
  const evenAtFirst = arms.map((each) => ({ ...each, people: 1_400 }))
  expect(judgeExperiment(evenAtFirst, options).split.mismatch).toBe(true)
})

test('the hold-out is part of the split', () => {
  const arms = [arm('A', 450, 0), arm('B', 450, 0)]
  const judge = (people: number) =>
    judgeExperiment(arms, { alpha: ALPHA, heldOut: { share: 0.1, people } }).split.mismatch
  expect(judge(100)).toBe(false)
  expect(judge(10)).toBe(true)
})

test('one variant wins nothing, and no variant neither', () => {
  const options = { alpha: ALPHA, heldOut: NOBODY }
  expect(judgeExperiment([arm('A', 10_000, 0)], options).winner).toBeNull()
  expect(judgeExperiment([], options).winner).toBeNull()
})

/** Each day's people fall to the variants by weight; a look each evening, and the first winner counts. */
interface Trial {
  weights: readonly number[]
  days: number
  peopleADay: number
  rateOf: (variant: number, day: number) => number
}

function firstWinner(
  { weights, days, peopleADay, rateOf }: Trial,
  random: () => number,
  look: (arms: readonly Arm[]) => string | null,
): string | null {
  const total = weights.reduce((sum, weight) => sum + weight)
  const arms = weights.map((weight, index) => arm(String(index), 0, 0, weight))
  for (let day = 0; day < days; day++) {
    for (let person = 0; person < peopleADay; person++) {
      const index = draw(weights, random() * total)
      const each = arms[index]
      if (!each) continue
      each.people += 1
      if (random() < rateOf(index, day)) each.successes += 1
      else each.failures += 1
    }
    const winner = look(arms)
    if (winner !== null) return winner
  }
  return null
}

function draw(weights: readonly number[], point: number): number {
  let rest = point
  for (let index = 0; index < weights.length; index++) {
    rest -= weights[index] ?? 0
    if (rest < 0) return index
  }
  return weights.length - 1
}

function countWinners(
  trials: number,
  trial: Trial,
  look = (arms: readonly Arm[]) => judgeExperiment(arms, { alpha: ALPHA, heldOut: NOBODY }).winner,
): Record<string, number> {
  const random = seeded(20_261_122)
  const wins: Record<string, number> = {}
  for (let index = 0; index < trials; index++) {
    const winner = firstWinner(trial, random, look)
    if (winner !== null) wins[winner] = (wins[winner] ?? 0) + 1
  }
  return wins
}

const share = (wins: Record<string, number>, trials: number) =>
  Object.values(wins).reduce((sum, count) => sum + count, 0) / trials

describe('looked at daily for a month', () => {
  /** Of each kind. */
  const TRIALS = 2_000
  const month = { days: 30, peopleADay: 60 }

  test.each<[string, Trial]>([
    ['most are delivered', { ...month, weights: [1, 1], rateOf: () => 0.93 }],
    ['few reply, at unequal weights', { ...month, weights: [9, 1], rateOf: () => 0.05 }],
    ['three variants', { ...month, weights: [50, 30, 20], rateOf: () => 0.5 }],
    [
      'the rate swings from day to day',
      { ...month, weights: [1, 1], rateOf: (_, day) => (day % 2 === 0 ? 0.95 : 0.6) },
    ],
  ])('variants without a difference hardly ever get a winner: %s', (_, trial) => {
    expect(share(countWinners(TRIALS, trial), TRIALS)).toBeLessThan(ALPHA)
  })

  test('where looking daily at the usual test would find one far too often', () => {
    const trial = { ...month, weights: [1, 1], rateOf: () => 0.93 }
    const wins = countWinners(TRIALS, trial, lookWithoutCare)
    expect(share(wins, TRIALS)).toBeGreaterThan(4 * ALPHA)
  })

  test('a real difference is found, and on the right side', () => {
    const trials = 300
    const wins = countWinners(trials, {
      days: 30,
      peopleADay: 200,
      weights: [1, 1],
      rateOf: (variant) => (variant === 0 ? 0.92 : 0.95),
    })
    expect(wins['1']).toBeGreaterThan(0.9 * trials)
    expect(wins['0'] ?? 0).toBe(0)
  })
})

/** The two-proportion z-test at 5 %, as if this were its only look. */
function lookWithoutCare([a, b]: readonly Arm[]): string | null {
  if (!a || !b) return null
  const [na, nb] = [a.people, b.people]
  const pooled = (a.successes + b.successes) / (na + nb)
  const difference = a.successes / na - b.successes / nb
  const z = difference / Math.sqrt(pooled * (1 - pooled) * (1 / na + 1 / nb))
  if (Math.abs(z) < 1.96) return null
  return z > 0 ? a.variant : b.variant
}

/** Jest's own globals are slow to reach. */
const { imul } = Math

/** mulberry32: the same trials each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
