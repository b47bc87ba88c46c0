import { logEvidence } from './arm-evidence.ts'
import { checkSplit, type SplitCheck } from './split-check.ts'

/** The people of one variant, each by the first message of the test. */
export interface Arm {
  variant: string
  weight: number
  /** All who fell to it. */
  people: number
  /** Those whose outcome is in. */
  successes: number
  failures: number
}

export interface Comparison {
  better: string
  worse: string
  /** Always valid: right at every look, and already for all pairs of variants together. */
  pValue: number
}

export interface Judgement {
  /** The variant that is better than every other. */
  winner: string | null
  comparisons: readonly Comparison[]
  split: SplitCheck
}

/**
 * A winner only where the evidence holds against each other variant, at an error of `alpha` for the whole test however
 * often it is looked at (Bonferroni over the pairs), and only where people fell to the variants as their weights say.
 */
export function judgeExperiment(
  arms: readonly Arm[],
  { alpha, heldOut }: { alpha: number; heldOut: { share: number; people: number } },
): Judgement {
  const split = checkGroups(arms, heldOut)
  const comparisons = listPairs(arms).map(([a, b], _, pairs) => compare(a, b, pairs.length))
  const winner = arms.find(({ variant }) => {
    const won = comparisons.filter(
      ({ better, pValue }) => better === variant && pValue <= alpha,
    ).length
    return arms.length > 1 && won === arms.length - 1
  })
  return { winner: split.mismatch ? null : (winner?.variant ?? null), comparisons, split }
}

function compare(a: Arm, b: Arm, pairs: number): Comparison {
  const [better, worse] = rateOf(b) > rateOf(a) ? [b, a] : [a, b]
  const pValue = Math.min(1, pairs * Math.exp(-logEvidence(a, b)))
  return { better: better.variant, worse: worse.variant, pValue }
}

/** Of all people with the hold-out, and of those whose outcomes are in: either may have lost some. */
function checkGroups(arms: readonly Arm[], heldOut: { share: number; people: number }): SplitCheck {
  const total = arms.reduce((sum, { weight }) => sum + weight, 0)
  const all = checkSplit([
    { share: heldOut.share, count: heldOut.people },
    ...arms.map(({ weight, people }) => ({
      share: ((1 - heldOut.share) * weight) / total,
      count: people,
    })),
  ])
  const settled = checkSplit(
    arms.map(({ weight, successes, failures }) => ({
      share: weight,
      count: successes + failures,
    })),
  )
  return settled.mismatch && !all.mismatch ? settled : all
}

function listPairs(arms: readonly Arm[]): [Arm, Arm][] {
  return arms.flatMap((a, index) => arms.slice(index + 1).map((b): [Arm, Arm] => [a, b]))
}

function rateOf({ successes, failures }: Arm): number {
  return successes / Math.max(1, successes + failures)
}
