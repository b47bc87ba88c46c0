import type { StartExperimentRequest } from '@sms-gateway/contracts/experiments'
import type { Db } from '@sms-gateway/db/connect'
import { findExperiment, startExperiment, type StartResult } from '@sms-gateway/db/experiments'
import { listArms } from '@sms-gateway/domain/experiment'
import { createRowId } from '@sms-gateway/domain/ids'
import type { Template } from '@sms-gateway/domain/template-version'
import type { ResultsSource } from './experiment-results.ts'

/** The variants that get people in the version in force are what is tested, by their weights. */
export async function beginExperiment(
  db: Db,
  code: string,
  request: StartExperimentRequest,
  { author, now }: { author: string; now: Date },
): Promise<StartResult> {
  return startExperiment(db, code, (template) => {
    const control = chooseControl(template, request.control)
    if (control === undefined) return undefined
    return {
      id: createRowId(now),
      metric: request.metric,
      holdOut: request.hold_out,
      holdOutGets: request.hold_out_gets,
      control,
      alpha: request.alpha,
      windowHours: request.window_hours,
      autoPromote: request.auto_promote,
      author,
      startedAt: now,
    }
  })
}

/** `undefined` where there is nothing to compare, or nobody gets the control. */
function chooseControl({ variants }: Template, wanted: string | undefined): string | undefined {
  const arms = listArms(variants)
  if (arms.length < 2) return undefined
  if (wanted !== undefined) return arms.find(({ variant }) => variant === wanted)?.variant
  return arms.toSorted((a, b) => b.weight - a.weight)[0]?.variant
}

/** The one that was found, else the one that this look finds: by everybody's messages. */
export async function findWinner(
  db: Db,
  resultsOf: ResultsSource,
  code: string,
): Promise<string | undefined> {
  const experiment = await findExperiment(db, code)
  if (!experiment || experiment.endedAt) return undefined
  return experiment.winner ?? (await resultsOf(experiment, undefined)).winner ?? undefined
}
