import type { Db } from '@sms-gateway/db/connect'
import { countExperiment } from '@sms-gateway/db/count-experiment'
import { findTemplateVersion } from '@sms-gateway/db/templates'
import type { Experiment } from '@sms-gateway/domain/experiment'
import { type ExperimentResults, readResults } from '@sms-gateway/domain/experiment-results'
import { createSlots } from '@sms-gateway/service-kit/semaphore'

export interface TestResults extends ExperimentResults {
  complete: boolean
}

/** By everybody's messages, or by those of one client. */
export type ResultsSource = (
  experiment: Experiment,
  clientId: string | undefined,
) => Promise<TestResults>

/** Each count of a large test takes PostgreSQL a second. */
const COUNTS_AT_ONCE = 2
const MAX_KEPT = 200

/** Counts a test at most once in a while for all who ask, however often they ask. */
export function createResultsSource({
  db,
  now,
  keepMs,
}: {
  db: Db
  now: () => Date
  keepMs: number
}): ResultsSource {
  const kept = new Map<string, { results: Promise<TestResults>; validUntil: number }>()
  const slots = createSlots(COUNTS_AT_ONCE)

  const count = async (experiment: Experiment, clientId: string | undefined) => {
    const release = await slots.take()
    try {
      return await readCounts(db, experiment, { now: now(), clientId })
    } finally {
      release()
    }
  }
  return (experiment, clientId) => {
    const key = `${experiment.id} ${clientId ?? 'all'}`
    const known = kept.get(key)
    if (known && now().getTime() < known.validUntil) return known.results
    const results = count(experiment, clientId)
    const forget = () => {
      if (kept.get(key)?.results === results) kept.delete(key)
    }
    // A failure is nobody's answer.
    results.catch(forget)
    kept.delete(key)
    kept.set(key, { results, validUntil: now().getTime() + keepMs })
    const [oldest] = kept.keys()
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
    return results
  }
}

async function readCounts(
  db: Db,
  experiment: Experiment,
  options: { now: Date; clientId: string | undefined },
): Promise<TestResults> {
  const { code, version } = experiment
  const template = await findTemplateVersion(db, code, version)
  const { arms, complete } = await countExperiment(db, experiment, options)
  return { ...readResults(experiment, template?.variants ?? [], arms), complete }
}
