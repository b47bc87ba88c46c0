import { ringFor } from '@sms-gateway/acceptance/message-store'
import type { PreparationRules } from '@sms-gateway/acceptance/prepare-message'
import {
  judgeRunning,
  listRunning,
  listToJudge,
  purgeAbandoned,
  startDueCampaign,
} from '@sms-gateway/db/campaign-queue'
import { type PrepareRecipients, stepCampaign } from '@sms-gateway/db/campaign-steps'
import { dropOldUploads } from '@sms-gateway/db/campaign-uploads'
import type { Db } from '@sms-gateway/db/connect'
import { findGatewayState } from '@sms-gateway/db/gateway-state'
import type { BudgetsInForce } from '@sms-gateway/db/reserve-budgets'
import type { Vault } from '@sms-gateway/db/vault'
import type { CampaignId } from '@sms-gateway/domain/ids'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { createPrepareRecipients } from './prepare-recipients.ts'

export interface CampaignDeps {
  db: Db
  vault: Vault
  queues: LaneQueues
  rules: PreparationRules
  budgetsInForce: () => Promise<BudgetsInForce>
  now: () => Date
  logger: Logger
}

/** People a step takes: some 20 ms, for which others that want the campaign's lock wait. */
const STEP_SIZE = 500
/** So much of one campaign waits for a provider at once: a cancel is quick, and its pause holds no more than this. */
const BACKLOG = 2_000
const CAMPAIGNS_A_TURN = 20
/** A run of the job goes on for so long at most: what is left is the next one's. */
const RUN_LIMIT_MS = 5_000

/** Starts what has come due, and hands over the next people of every campaign that runs, each in its turn. */
export async function runCampaigns(deps: CampaignDeps, signal: AbortSignal): Promise<void> {
  const { db, vault, now } = deps
  if ((await findGatewayState(db)).state === 'paused') return
  while (!signal.aborted && (await startDueCampaign(db, vault, now())));
  const prepare = createPrepareRecipients(deps)
  const until = performance.now() + RUN_LIMIT_MS
  while (!signal.aborted && performance.now() < until) {
    const taken = await takeTurns(deps, prepare, signal)
    if (taken === 0) return
  }
}

/** One step of each: a small campaign does not wait for a large one to end. */
async function takeTurns(
  deps: CampaignDeps,
  prepare: PrepareRecipients,
  signal: AbortSignal,
): Promise<number> {
  let taken = 0
  for (const id of await listRunning(deps.db, CAMPAIGNS_A_TURN)) {
    if (signal.aborted) return taken
    taken += await takeStep(deps, prepare, id)
  }
  return taken
}

async function takeStep(
  { db, vault, queues, rules, now, logger, budgetsInForce }: CampaignDeps,
  prepare: PrepareRecipients,
  id: CampaignId,
): Promise<number> {
  const { duplicateWindowSeconds: windowSeconds } = rules
  const inForce = await budgetsInForce()
  const options = { id, now: now(), size: STEP_SIZE, backlog: BACKLOG, windowSeconds, inForce }
  const result = await stepCampaign(db, vault, options, prepare)
  switch (result.kind) {
    case 'handed':
      // Row first, job second: what the queue does not take is rung for by the sweeper.
      await ringFor(queues, result.messages)
      return result.taken
    case 'ended':
      logger.info({ campaignId: id }, 'campaign ended a run')
      return 0
    case 'none':
    case 'waiting':
      return 0
  }
}

const SECOND = 1_000
const JUDGE_MS = SECOND
/** A count that takes long is taken less often: of the database's time it has a twentieth. */
const COUNT_SHARE = 20

/** Looks at what the campaigns that run have come to. */
export async function judgeCampaigns({ db, vault, now, logger }: CampaignDeps): Promise<void> {
  for (const id of await listToJudge(db, now(), CAMPAIGNS_A_TURN)) {
    const startedAt = performance.now()
    const nextAt = (at: Date) =>
      after(at, Math.max(JUDGE_MS, (performance.now() - startedAt) * COUNT_SHARE))
    const result = await judgeRunning(db, vault, { id, now: now(), nextAt })
    if (result === 'halted') logger.warn({ campaignId: id }, 'campaign halted')
  }
}

function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms)
}

/** Longer than the longest upload. */
const UPLOAD_SILENCE_MS = 3_600 * SECOND
const PURGE_ROWS = 20_000

/** Takes away what uploads have left whose process died, or whose producer hung up. */
export async function purgeUploads({ db, now }: CampaignDeps, signal: AbortSignal): Promise<void> {
  const before = after(now(), -UPLOAD_SILENCE_MS)
  await dropOldUploads(db, before)
  while (!signal.aborted && (await purgeAbandoned(db, before, PURGE_ROWS)) > 0);
}
