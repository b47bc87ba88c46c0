import type { CampaignResponse } from '@sms-gateway/contracts/campaigns'
import type { MessageStatus } from '@sms-gateway/domain/message-status'

/** Their message is made, and no provider has it. */
const WAITING: readonly MessageStatus[] = ['accepted', 'scheduled', 'held', 'queued']

/** Whom a pause or a cancel still keeps from getting it. */
export function countLeft({ counts }: Pick<CampaignResponse, 'counts'>): number {
  return WAITING.reduce((sum, status) => sum + (counts.by_status[status] ?? 0), counts.pending)
}
