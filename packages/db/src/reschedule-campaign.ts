import { nextTime } from '@sms-gateway/domain/campaign-schedule'
import type { CampaignId } from '@sms-gateway/domain/ids'
import { type Acted, isBegun, updateCampaign } from './campaign-actions.ts'
import type { Db } from './connect.ts'
import { lockCampaign } from './lock-campaign.ts'
import type { Vault } from './vault.ts'

export interface NewSchedule {
  scheduleAt: Date | null
  cron: string | null
  timeZone: string
  missedAfterSeconds: number | undefined
}

/** Another time for one that is not under way; a draft stays one. */
export async function rescheduleCampaign(
  db: Db,
  vault: Vault,
  { id, schedule, now }: { id: CampaignId; schedule: NewSchedule; now: Date },
): Promise<Acted | undefined> {
  return db.transaction().execute(async (trx) => {
    const campaign = await lockCampaign(trx, vault, id)
    if (!campaign) return undefined
    const { status } = campaign
    const isWaiting = status === 'draft' || status === 'scheduled' || status === 'paused'
    if (!isWaiting || isBegun(campaign)) return { kind: 'refused', status }
    await updateCampaign(trx, id, {
      schedule_at: schedule.scheduleAt,
      cron: schedule.cron,
      time_zone: schedule.timeZone,
      missed_after_seconds: schedule.missedAfterSeconds ?? campaign.missedAfterSeconds,
      next_run_at: status === 'draft' ? null : nextTime(schedule, now),
      updated_at: now,
    })
    const changed = await lockCampaign(trx, vault, id)
    return changed && { kind: 'done', campaign: changed }
  })
}
