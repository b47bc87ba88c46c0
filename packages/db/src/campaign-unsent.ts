import { sql } from 'kysely'
import { CAMPAIGN_PAUSED } from '@sms-gateway/domain/expiry'
import type { CampaignId } from '@sms-gateway/domain/ids'
import { WAITING_STATUSES } from '@sms-gateway/domain/message-status'
import type { DbTransaction } from './connect.ts'

const STOPPED_HOLD = 'campaign-stopped'
/** Nobody rings for what waits for a person. */
const NEVER = new Date('9999-01-01T00:00:00Z')

/** Not those that a provider has in part, or may have: nobody could cancel them afterwards. */
export async function holdUnsent(trx: DbTransaction, id: CampaignId, now: Date): Promise<void> {
  await sql`
    with waiting as (
      select id from message where campaign_id = ${id} and status in (${sql.join(WAITING_STATUSES)})
        and pinned_provider is null and not possible_duplicate
      order by id for update
    ),
    held as (
      update message m set status = 'held', hold_reason = ${STOPPED_HOLD}, ring_at = ${NEVER}, not_before = null,
        updated_at = ${now}
      from waiting where m.id = waiting.id
      returning m.id
    )
    insert into message_event (message_id, status, at, detail) select id, 'held', ${now}, ${STOPPED_HOLD} from held`.execute(
    trx,
  )
}

/**
 * The time for which they were held does not count against them. An otp is never late: what of it is past its time ends.
 */
export async function releaseUnsent(
  trx: DbTransaction,
  id: CampaignId,
  stoppedAt: Date,
  now: Date,
): Promise<void> {
  await sql`
    with waiting as (
      select id, message_type = 'otp' as is_strict, expires_at from message
      where campaign_id = ${id} and status = 'held' and hold_reason = ${STOPPED_HOLD}
      order by id for update
    ),
    ended as (
      update message m set status = 'expired', hold_reason = null, not_before = null, updated_at = ${now},
        error_code = ${CAMPAIGN_PAUSED.code}, error_detail = ${CAMPAIGN_PAUSED.detail}
      from waiting w where m.id = w.id and w.is_strict and w.expires_at <= ${now}
      returning m.id
    ),
    told as (
      insert into message_event (message_id, status, at, error_code, detail)
      select id, 'expired', ${now}, ${CAMPAIGN_PAUSED.code}, ${CAMPAIGN_PAUSED.detail} from ended
    )
    update message m set ring_at = ${now}, not_before = null, updated_at = ${now},
      expires_at = case when w.is_strict then m.expires_at
        else m.expires_at + (${now}::timestamptz - ${stoppedAt}::timestamptz) end
    from waiting w where m.id = w.id and not (w.is_strict and w.expires_at <= ${now})`.execute(trx)
}

/** Those that no provider has or may have: the others go their way. */
export async function cancelUnsent(trx: DbTransaction, id: CampaignId, now: Date): Promise<void> {
  await sql`
    with waiting as (
      select id from message
      where campaign_id = ${id} and status in (${sql.join(WAITING_STATUSES)})
        and pinned_provider is null and not possible_duplicate
      order by id for update
    ),
    cancelled as (
      update message m set status = 'cancelled', updated_at = ${now}
      from waiting where m.id = waiting.id
      returning m.id
    )
    insert into message_event (message_id, status, at) select id, 'cancelled', ${now} from cancelled`.execute(
    trx,
  )
}
