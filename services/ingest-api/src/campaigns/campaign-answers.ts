import type {
  CampaignInList,
  CampaignResponse,
  CampaignsResponse,
} from '@sms-gateway/contracts/campaigns'
import type { StatusCounts } from '@sms-gateway/db/campaign-counts'
import type { Campaign } from '@sms-gateway/domain/campaign'
import { secondsLeft } from '@sms-gateway/domain/campaign-progress'
import { writeDeliverWindow } from '@sms-gateway/domain/deliver-window'

export function toCampaignResponse(campaign: Campaign, byStatus: StatusCounts): CampaignResponse {
  const inList = toCampaignInList(campaign)
  return { ...inList, counts: { ...inList.counts, by_status: byStatus } }
}

export function toCampaignsResponse(
  campaigns: readonly Campaign[],
  limit: number,
): CampaignsResponse {
  const data = campaigns.slice(0, limit).map(toCampaignInList)
  return { data, next_cursor: campaigns.length > limit ? (data.at(-1)?.id ?? null) : null }
}

function toCampaignInList(campaign: Campaign): CampaignInList {
  const { content, canary, thresholds, window } = campaign
  const isTemplate = content.kind === 'template'
  return {
    id: campaign.id,
    name: campaign.name,
    status: campaign.status,
    reason: campaign.reason,
    message_type: campaign.messageType,
    priority: campaign.lane,
    message: isTemplate ? null : content.text,
    template_code: isTemplate ? content.templateCode : null,
    template_version: isTemplate ? content.templateVersion : null,
    customer_id: campaign.customerId,
    deliver_between: window && writeDeliverWindow(window),
    schedule_at: toText(campaign.scheduleAt),
    time_zone: campaign.timeZone,
    cron: campaign.cron,
    next_run_at: toText(campaign.nextRunAt),
    missed_after_seconds: campaign.missedAfterSeconds,
    canary: canary && {
      percent: canary.percent,
      at_least: canary.atLeast,
      wait_minutes: canary.waitMinutes,
    },
    halt: {
      failure_rate: thresholds.failureRate,
      opt_out_rate: thresholds.optOutRate,
      min_results: thresholds.minResults,
    },
    run: campaign.run,
    counts: toCounts(campaign),
    progress: toProgress(campaign),
    created_at: campaign.createdAt.toISOString(),
    started_at: toText(campaign.startedAt),
    stopped_at: toText(campaign.stoppedAt),
    finished_at: toText(campaign.finishedAt),
    updated_at: campaign.updatedAt.toISOString(),
  }
}

function toCounts({ recipients, rejects, duplicates, handed, suppressed, refused }: Campaign) {
  return {
    recipients,
    rejected: rejects + refused,
    duplicates,
    pending: recipients - handed - suppressed - refused,
    handed,
    suppressed,
  }
}

/** By the ledger and, while it runs, by what has left the gateway. */
function toProgress({ recipients, handed, suppressed, refused, pace, ...campaign }: Campaign) {
  if (campaign.status !== 'running') {
    const percent = percentOf(handed + suppressed + refused, recipients)
    return { percent, per_minute: null, seconds_left: null, is_canary: false }
  }
  const { done = 0, perSecond = null } = pace ?? {}
  return {
    percent: percentOf(done, recipients),
    per_minute: perSecond === null ? null : Math.round(perSecond * 600) / 10,
    seconds_left: secondsLeft(pace, recipients - done),
    is_canary: campaign.canaryOpen,
  }
}

function percentOf(done: number, recipients: number): number {
  return recipients === 0 ? 100 : Math.floor((done / recipients) * 1_000) / 10
}

function toText(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
