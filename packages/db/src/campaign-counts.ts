import { sql } from 'kysely'
import type { Campaign } from '@sms-gateway/domain/campaign'
import type { CampaignResults } from '@sms-gateway/domain/campaign-judgement'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { Db } from './connect.ts'

export type StatusCounts = Partial<Record<MessageStatus, number>>
type Counted = Pick<Campaign, 'id' | 'runFloor' | 'startedAt'>

/** The messages of a campaign's newest run, by status: from an index alone. */
export async function countCampaignMessages(
  db: Db,
  { id, runFloor }: Counted,
): Promise<StatusCounts> {
  const { rows } = await sql<{ status: MessageStatus; count: number }>`
    select status, count(*)::int as count from message
    where campaign_id = ${id} and (${runFloor}::uuid is null or id >= ${runFloor}::uuid)
    group by status`.execute(db)
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
}

/** What the messages of the run have come to, for a judgement. */
export async function countCampaignResults(db: Db, campaign: Counted): Promise<CampaignResults> {
  const counts = await countCampaignMessages(db, campaign)
  return { ...toResults(counts), optOuts: await countOptOuts(db, campaign) }
}

function toResults(counts: StatusCounts): Omit<CampaignResults, 'optOuts'> {
  return {
    sent: counts.sent ?? 0,
    delivered: counts.delivered ?? 0,
    failed: (counts.failed ?? 0) + (counts.undelivered ?? 0),
  }
}

/** Those of its people that were sent a message and have opted out since the run began. */
async function countOptOuts(db: Db, { id, startedAt }: Counted): Promise<number> {
  if (!startedAt) return 0
  const { rows } = await sql<{ count: number }>`
    select count(distinct o.recipient_hash)::int as count from opt_out o
    join campaign_recipient r on r.campaign_id = ${id} and r.recipient_hash = o.recipient_hash
    where o.created_at >= ${startedAt} and r.state = 'handed'`.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * Messages of the campaign that no provider has, or may have; not those of people who have had enough for now: they hold
 * up nobody else. At most `limit` are counted.
 */
export async function countUnsent(db: Db, campaignId: string, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from message
      where campaign_id = ${campaignId} and status in ('accepted', 'scheduled', 'held', 'queued', 'sending')
        and not in_doubt and hold_reason is distinct from 'frequency-cap'
      limit ${limit}
    ) unsent`.execute(db)
  return rows[0]?.count ?? 0
}
