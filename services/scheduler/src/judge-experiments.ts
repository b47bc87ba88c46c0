import { changeTemplate } from '@sms-gateway/db/change-template'
import type { Db } from '@sms-gateway/db/connect'
import { countExperiment } from '@sms-gateway/db/count-experiment'
import { claimExperiments, recordWinner } from '@sms-gateway/db/experiments'
import { findTemplateVersion } from '@sms-gateway/db/templates'
import { promoteVariant } from '@sms-gateway/domain/change-template'
import type { Experiment } from '@sms-gateway/domain/experiment'
import { readResults } from '@sms-gateway/domain/experiment-results'
import type { Logger } from '@sms-gateway/service-kit/logger'

export interface JudgeDeps {
  db: Db
  now: () => Date
  logger: Logger
}

const MINUTE = 60_000
const LOOK_EVERY_MS = 10 * MINUTE
/** Each look counts the messages of a test: a few at a time. */
const MAX_LOOKS = 3

/** Looks at the tests that run, keeps the winner that one finds, and promotes it where that is asked for. How many looks. */
export async function judgeExperiments(deps: JudgeDeps): Promise<number> {
  const now = deps.now()
  const before = new Date(now.getTime() - LOOK_EVERY_MS)
  const experiments = await claimExperiments(deps.db, { before, now, limit: MAX_LOOKS })
  for (const experiment of experiments) await judge(deps, experiment)
  return experiments.length
}

async function judge({ db, now, logger }: JudgeDeps, experiment: Experiment): Promise<void> {
  const { id, code, version } = experiment
  const winner = experiment.winner ?? (await findWinner(db, experiment, now()))
  if (winner === null) return
  if (experiment.winner === null) {
    await recordWinner(db, id, { winner, now: now() })
    logger.info({ experimentId: id, code, version, winner }, 'experiment decided')
  }
  if (!experiment.autoPromote) return
  const promoted = await promote(db, experiment, winner)
  if (promoted) logger.info({ experimentId: id, code, version, winner }, 'variant promoted')
}

async function findWinner(db: Db, experiment: Experiment, now: Date): Promise<string | null> {
  const template = await findTemplateVersion(db, experiment.code, experiment.version)
  const { arms } = await countExperiment(db, experiment, { now })
  return readResults(experiment, template?.variants ?? [], arms).winner
}

/** Once: the version under test is in force until the first promotion, or any other change, and never after. */
async function promote(
  db: Db,
  { id, code, version }: Experiment,
  winner: string,
): Promise<boolean> {
  const who = { code, author: `experiment:${id}`, endsTest: 'promoted' as const }
  const promoted = await changeTemplate(db, who, (current) => {
    if (current?.version !== version) return undefined
    const change = promoteVariant(current, winner)
    return change.kind === 'ok' ? change.draft : undefined
  })
  return promoted !== undefined
}
