import type { ExperimentResponse, ExperimentsResponse } from '@sms-gateway/contracts/experiments'
import { MAX_COUNTED } from '@sms-gateway/db/count-experiment'
import type { Experiment } from '@sms-gateway/domain/experiment'
import type { ArmCounts, ExperimentResults } from '@sms-gateway/domain/experiment-results'
import { CURRENCY, toDecimal } from '@sms-gateway/domain/money'
import { wilsonInterval } from '@sms-gateway/domain/wilson'

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
  results: ExperimentResults,
): ExperimentResponse {
  return {
    ...toExperimentEntry(experiment),
    winner: experiment.winner ?? results.winner,
    results: toResults(results),
  }
}

function toResults({ arms, heldOut, comparisons, split }: ExperimentResults): Results {
  const counted = [...arms, ...(heldOut ? [heldOut] : [])]
  const messages = counted.reduce((sum, arm) => sum + arm.messages, 0)
  return {
    variants: arms.map((arm) => ({ ...toArm(arm), weight: arm.weight })),
    hold_out: heldOut && toArm(heldOut),
    comparisons: comparisons.map(({ better, worse, pValue }) => ({
      better,
      worse,
      p_value: pValue,
    })),
    split: { p_value: split.pValue, mismatch: split.mismatch },
    complete: messages < MAX_COUNTED,
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
