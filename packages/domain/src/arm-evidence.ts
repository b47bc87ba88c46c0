import { logBeta } from './gamma.ts'

/** What became of the people of one variant. */
export interface ArmOutcome {
  /** The share of people that it was to get, in proportion to the others'. */
  weight: number
  successes: number
  failures: number
}

/**
 * How sharply the bets are laid round the split: as if so many people had been seen before. Chosen by simulation for
 * differences of a few points; the error is right whatever it is.
 */
const CONCENTRATION = 30

/**
 * Evidence that two variants differ: the logarithm of the e-value of a test that may be looked at after every message, and stopped
 * whenever it suits. Under "no difference" the e-value is 1 on average at any time, so that it ever reaches `1 / alpha`
 * has a chance of at most `alpha` (Ville's inequality).
 *
 * The variant of a person is drawn by a known weight, whatever becomes of the message. So where the variants are alike,
 * each success falls to the first with exactly its weight, and so does each failure. Against that a Beta mixture bets,
 * on the successes, on the failures, and on both: the mean of the three is a test martingale. Nothing is approximated,
 * the rate itself may drift by the hour, and only the counts matter.
 *
 * After Robbins 1970 (the mixture), Shafer 2021 and Ramdas, Grünwald, Vovk and Shafer 2023 (testing by betting), with
 * the randomisation itself as the hypothesis (Fisher).
 */
export function logEvidence(a: ArmOutcome, b: ArmOutcome): number {
  const weight = a.weight / (a.weight + b.weight)
  const onSuccesses = logBet(a.successes, b.successes, weight)
  const onFailures = logBet(a.failures, b.failures, weight)
  return logMean([onSuccesses, onFailures, onSuccesses + onFailures])
}

/** The mixture's likelihood of `a` of `a + b` falling to the first, over that of its weight. */
function logBet(a: number, b: number, weight: number): number {
  const [priorA, priorB] = [CONCENTRATION * weight, CONCENTRATION * (1 - weight)]
  const mixture = logBeta(priorA + a, priorB + b) - logBeta(priorA, priorB)
  return mixture - a * Math.log(weight) - b * Math.log(1 - weight)
}

/** Of numbers that are too large for themselves, given by their logarithms. */
function logMean(logs: readonly number[]): number {
  const top = Math.max(...logs)
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length)
}
