import { type Experiment, type ExperimentMetric, listArms } from './experiment.ts'
import { judgeExperiment, type Judgement } from './judge-experiment.ts'
import type { MilliTwd } from './money.ts'
import type { TemplateVariant } from './template-version.ts'

/** What became of the people of one variant; or of those who got it outside the test. */
export interface ArmCounts {
  variant: string
  heldOut: boolean
  /** All, and what they cost. */
  messages: number
  costMilli: MilliTwd
  /** Each by the first message of the test, from here on. */
  people: number
  /** Their outcome is in. */
  settled: number
  delivered: number
  failed: number
  optedOut: number
  replied: number
}

export interface ExperimentResults extends Judgement {
  arms: readonly (ArmCounts & { weight: number })[]
  heldOut: ArmCounts | null
}

/** What the counts of a test say. Of a variant that nobody has got there are none yet. */
export function readResults(
  { metric, alpha, holdOut, control }: Experiment,
  variants: readonly TemplateVariant[],
  counts: readonly ArmCounts[],
): ExperimentResults {
  const find = (variant: string, heldOut: boolean) =>
    counts.find((each) => each.variant === variant && each.heldOut === heldOut) ??
    nobody(variant, heldOut)
  const arms = listArms(variants).map(({ variant, weight }) => ({
    ...find(variant, false),
    weight,
  }))
  const heldOut = holdOut > 0 ? find(control, true) : null
  const judgement = judgeExperiment(
    arms.map((arm) => {
      const successes = successesOf(arm, metric)
      const { variant, weight, people, settled } = arm
      return { variant, weight, people, successes, failures: settled - successes }
    }),
    { alpha, heldOut: { share: holdOut, people: heldOut?.people ?? 0 } },
  )
  return { ...judgement, arms, heldOut }
}

function successesOf(counts: ArmCounts, metric: ExperimentMetric): number {
  switch (metric) {
    case 'delivered':
      return counts.delivered
    case 'reply':
      return counts.replied
    case 'no-opt-out':
      return counts.settled - counts.optedOut
  }
}

function nobody(variant: string, heldOut: boolean): ArmCounts {
  const nothing = { messages: 0, costMilli: 0, people: 0, settled: 0 }
  return { variant, heldOut, ...nothing, delivered: 0, failed: 0, optedOut: 0, replied: 0 }
}
