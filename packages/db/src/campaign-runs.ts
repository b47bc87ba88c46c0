import type { Campaign } from '@sms-gateway/domain/campaign'
import { nextRun } from '@sms-gateway/domain/campaign-schedule'
import { firstIdAt } from '@sms-gateway/domain/ids'
import type { DbTransaction } from './connect.ts'

/** The clocks of two processes differ by less. */
const CLOCKS_APART_MS = 10_000

/** What a run begins with: nobody of it has been handed over. */
export function campaignStart({ run, canary }: Pick<Campaign, 'run' | 'canary'>, now: Date) {
  return {
    status: 'running' as const,
    reason_code: null,
    reason_detail: null,
    run: run + 1,
    handed: 0,
    suppressed: 0,
    refused: 0,
    run_floor: run === 0 ? null : firstIdAt(new Date(now.getTime() - CLOCKS_APART_MS)),
    canary_open: canary !== null,
    canary_handed_at: null,
    judged_from: null,
    pace: null,
    started_at: now,
    stopped_at: null,
    finished_at: null,
    next_run_at: null,
    updated_at: now,
  }
}

type RunOutcome = 'finished' | 'missed'

/** The end of a run: of a recurring campaign the next one follows, any other is at its end. */
export async function endRun(
  trx: DbTransaction,
  campaign: Campaign,
  outcome: RunOutcome,
  now: Date,
): Promise<void> {
  const wasMissed = outcome === 'missed'
  await trx
    .insertInto('campaign_run')
    .values({
      campaign_id: campaign.id,
      outcome,
      ended_at: now,
      ...(wasMissed ? asMissed(campaign) : asRun(campaign)),
    })
    .execute()
  const next = campaign.cron === null ? null : nextRun(campaign.cron, campaign.timeZone, now)
  const end = next
    ? { status: 'scheduled' as const, next_run_at: next }
    : { status: wasMissed ? ('cancelled' as const) : ('finished' as const), next_run_at: null }
  const reason = wasMissed && {
    reason_code: 'missed',
    reason_detail: 'its time had passed by more than missed_after_seconds',
  }
  await trx
    .updateTable('campaign')
    .set({ ...end, ...reason, finished_at: now, updated_at: now })
    .where('id', '=', campaign.id)
    .execute()
}

function asRun({ run, startedAt, handed, suppressed, refused }: Campaign) {
  return { run, due_at: null, started_at: startedAt, handed, suppressed, refused }
}

/** It had a number and a time, and reached nobody. */
function asMissed({ run, nextRunAt }: Campaign) {
  const nobody = { handed: 0, suppressed: 0, refused: 0 }
  return { run: run + 1, due_at: nextRunAt, started_at: null, ...nobody }
}
