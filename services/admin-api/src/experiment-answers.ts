import type { ExperimentResponse, ExperimentsResponse } from '@sms-gateway/contracts/experiments'
import type { Experiment } from '@sms-gateway/domain/experiment'
import type { ArmCounts } from '@sms-gateway/domain/experiment-results'
import { CURRENCY, toDecimal } from '@sms-gateway/domain/money'
import { wilsonInterval } from '@sms-gateway/domain/wilson'
import type { TestResults } from './experiment-results.ts'

type Results = ExperimentResponse['results']
type Arm = NonNullable<Results['hold_out']>

export function toExperimentEntry(experiment: Experiment): ExperimentsResponse['data'][number] {
  return {
    id: experiment.id,
    code: experiment.code,
    version: experiment.version,
    metric: experiment.metric,
    hold_out: experiment.holdOut,
    hold_out_gets: experiment.holdOutGets,
    control: experiment.control,
    alpha: experiment.alpha,
    window_hours: experiment.windowHours,
    auto_promote: experiment.autoPromote,
    author: experiment.author,
    started_at: experiment.startedAt.toISOString(),
    ended_at: experiment.endedAt?.toISOString() ?? null,
    end_reason: experiment.endReason,
    winner: experiment.winner,
    decided_at: experiment.decidedAt?.toISOString() ?? null,
  }
}

export function toExperimentResponse(
  experiment: Experiment,
  results: TestResults,
  of: Results['of'],
): ExperimentResponse {
  return {
    ...toExperimentEntry(experiment),
    // One client's part of a test decides nothing: its winner is found by all messages.
    winner: experiment.winner ?? (of === 'all' ? results.winner : null),
    results: { of, ...toResults(results) },
  }
}

function toResults({
  arms,
  heldOut,
  comparisons,
  split,
  complete,
}: TestResults): Omit<Results, 'of'> {
  return {
    variants: arms.map((arm) => ({ ...toArm(arm), weight: arm.weight })),
    hold_out: heldOut && toArm(heldOut),
    comparisons: comparisons.map(({ better, worse, pValue }) => ({
      better,
      worse,
      p_value: pValue,
    })),
    split: { p_value: split.pValue, mismatch: split.mismatch },
    complete,
  }
}

function toArm(counts: ArmCounts): Arm {
  const { variant, messages, costMilli, people, settled } = counts
  const toRate = (count: number) => ({
    count,
    share: settled > 0 ? count / settled : null,
    ...wilsonInterval(count, settled),
  })
  return {
    variant,
    messages,
    cost: { amount: toDecimal(costMilli), currency: CURRENCY },
    people,
    settled,
    delivered: toRate(counts.delivered),
    failed: toRate(counts.failed),
    opted_out: toRate(counts.optedOut),
    replied: toRate(counts.replied),
  }
}
