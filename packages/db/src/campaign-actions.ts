import type { Updateable } from 'kysely'
import type { Campaign } from '@sms-gateway/domain/campaign'
import type { CampaignResults } from '@sms-gateway/domain/campaign-judgement'
import { nextTime } from '@sms-gateway/domain/campaign-schedule'
import {
  actOnCampaign,
  type CampaignAction,
  canCampaignMove,
} from '@sms-gateway/domain/campaign-status'
import type { CampaignId } from '@sms-gateway/domain/ids'
import { countCampaignResults } from './campaign-counts.ts'
import { campaignStart } from './campaign-runs.ts'
import { cancelUnsent, holdUnsent, releaseUnsent } from './campaign-unsent.ts'
import type { Db, DbTransaction } from './connect.ts'
import { lockCampaign } from './lock-campaign.ts'
import type { CampaignTable } from './schema/campaigns.ts'
import type { Vault } from './vault.ts'

export type Acted =
  { kind: 'done'; campaign: Campaign } | { kind: 'refused'; status: Campaign['status'] }

/**
 * Does what a person asks, under the campaign's lock: a step of its fan-out is before it or after it, never half. A
 * second click finds it done.
 */
export async function moveCampaign(
  db: Db,
  vault: Vault,
  { id, action, now }: { id: CampaignId; action: CampaignAction; now: Date },
): Promise<Acted | undefined> {
  return db.transaction().execute(async (trx) => {
    const campaign = await lockCampaign(trx, vault, id)
    if (!campaign) return undefined
    const nextAt = campaign.nextRunAt ?? nextTime(campaign, now)
    const result = actOnCampaign(campaign.status, action, {
      isBegun: isBegun(campaign),
      hasSchedule: nextAt !== null,
    })
    if (result.kind === 'refused') return { kind: 'refused', status: campaign.status }
    if (result.kind === 'move') await apply(trx, campaign, { ...result, action, nextAt }, now)
    const changed = await lockCampaign(trx, vault, id)
    return changed && { kind: 'done', campaign: changed }
  })
}

/** A run is under way, or was when it was stopped. */
export function isBegun({ run, startedAt, finishedAt }: Campaign): boolean {
  return run > 0 && startedAt !== null && finishedAt === null
}

interface Move {
  action: CampaignAction
  to: Campaign['status']
  nextAt: Date | null
}

async function apply(
  trx: DbTransaction,
  campaign: Campaign,
  { action, to, nextAt }: Move,
  now: Date,
): Promise<void> {
  switch (action) {
    case 'start':
      await updateCampaign(
        trx,
        campaign.id,
        to === 'scheduled'
          ? { status: to, next_run_at: nextAt, updated_at: now }
          : campaignStart(campaign, now),
      )
      return
    case 'pause':
      await stopCampaign(trx, campaign, { status: 'paused', reason: null }, now)
      return
    case 'resume':
      await resume(trx, campaign, now)
      return
    case 'cancel':
      await updateCampaign(trx, campaign.id, {
        status: 'cancelled',
        next_run_at: null,
        finished_at: now,
        updated_at: now,
      })
      await cancelUnsent(trx, campaign.id, now)
  }
}

/** Nobody more is handed over, and what has not been submitted waits: a person lets it go on. */
export async function stopCampaign(
  trx: DbTransaction,
  { id, status }: Pick<Campaign, 'id' | 'status'>,
  { status: to, reason }: { status: 'paused' | 'halted'; reason: Campaign['reason'] },
  now: Date,
): Promise<void> {
  if (!canCampaignMove(status, to)) throw new Error(`campaign ${id} cannot move to ${to}`)
  await updateCampaign(trx, id, {
    status: to,
    reason_code: reason?.code ?? null,
    reason_detail: reason?.detail ?? null,
    stopped_at: now,
    updated_at: now,
  })
  await holdUnsent(trx, id, now)
}

async function resume(trx: DbTransaction, campaign: Campaign, now: Date): Promise<void> {
  const { id, stoppedAt, nextRunAt } = campaign
  const begun = isBegun(campaign)
  if (!begun && nextRunAt === null) {
    await updateCampaign(trx, id, campaignStart(campaign, now))
    return
  }
  // Whoever resumes a halted campaign has seen its results: it is judged by what follows.
  const judgedFrom = campaign.status === 'halted' ? await countCampaignResults(trx, campaign) : null
  await updateCampaign(trx, id, {
    status: begun ? 'running' : 'scheduled',
    reason_code: null,
    reason_detail: null,
    stopped_at: null,
    pace: null,
    updated_at: now,
    ...(judgedFrom && { judged_from: toJson(judgedFrom) }),
  })
  await releaseUnsent(trx, id, stoppedAt ?? now, now)
}

function toJson(results: CampaignResults): string {
  return JSON.stringify(results)
}

export async function updateCampaign(
  trx: DbTransaction,
  id: CampaignId,
  changes: Updateable<CampaignTable>,
): Promise<void> {
  await trx.updateTable('campaign').set(changes).where('id', '=', id).execute()
}
