import { sql } from 'kysely'
import type { CampaignStatus } from '@sms-gateway/domain/campaign-status'
import type { DeliverWindow } from '@sms-gateway/domain/deliver-window'

export interface ClaimedCampaign {
  status: CampaignStatus
  window: DeliverWindow | null
}

/** Of the message's campaign: its status, and the minutes of the day between which it delivers. */
export type CampaignColumn = [CampaignStatus, number | null, number | null] | null

/** For a message `m`: the {@link CampaignColumn} `campaign`. */
export const selectCampaign = sql`case when m.campaign_id is not null
  then (select json_build_array(p.status, p.deliver_from, p.deliver_to) from campaign p where p.id = m.campaign_id)
  end as campaign`

export function toCampaignFacts(campaign: CampaignColumn): ClaimedCampaign | null {
  if (!campaign) return null
  const [status, startMinute, endMinute] = campaign
  const window = startMinute === null || endMinute === null ? null : { startMinute, endMinute }
  return { status, window }
}
