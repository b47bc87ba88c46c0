import type { ExperimentResponse } from '@sms-gateway/contracts/experiments'

type Results = ExperimentResponse['results']
export type Arm = Results['variants'][number] | NonNullable<Results['hold_out']>
export type Metric = ExperimentResponse['metric']

export interface Interval {
  /** Null while nobody's outcome is in. */
  share: number | null
  low: number
  high: number
}

/** What a test judges its arms by: more is better. */
export function intervalOf(arm: Arm, metric: Metric): Interval {
  switch (metric) {
    case 'delivered':
      return arm.delivered
    case 'reply':
      return arm.replied
    case 'no-opt-out': {
      const { share, low, high } = arm.opted_out
      return { share: share === null ? null : 1 - share, low: 1 - high, high: 1 - low }
    }
  }
}

export interface Scale {
  from: number
  to: number
  ticks: readonly number[]
}

const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25]
const MAX_TICKS = 6

/** From the lowest whisker to the highest, on round shares; all of it where nothing is known. */
export function toScale(intervals: readonly Interval[]): Scale {
  const known = intervals.filter(({ share }) => share !== null)
  const low = known.length > 0 ? Math.min(...known.map((each) => each.low)) : 0
  const high = known.length > 0 ? Math.max(...known.map((each) => each.high)) : 1
  const step = STEPS.find((each) => (high - low) / each <= MAX_TICKS - 2) ?? 0.25
  // In whole steps: sums of binary fractions are never round.
  const first = Math.max(0, Math.floor(round(low / step)))
  const last = Math.min(Math.round(1 / step), Math.max(first + 1, Math.ceil(round(high / step))))
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    round((first + index) * step),
  )
  return { from: ticks[0] ?? 0, to: ticks.at(-1) ?? 1, ticks }
}

/** Where a share lies on the scale, from 0 to 1. */
export function positionOf(share: number, { from, to }: Scale): number {
  return Math.min(1, Math.max(0, (share - from) / (to - from)))
}

function round(value: number): number {
  return Number(value.toFixed(6))
}
