import { sql } from 'kysely'
import { CAMPAIGN_PAUSED } from '@sms-gateway/domain/expiry'
import type { CampaignId } from '@sms-gateway/domain/ids'
import { type MessageStatus, WAITING_STATUSES } from '@sms-gateway/domain/message-status'
import type { DbTransaction } from './connect.ts'
import {
  OTHER_ENDS,
  otherEnds,
  selectTaken,
  TAKEN_BY,
  TRUE_STATUS,
  withNote,
} from './untaken-end.ts'

const STOPPED_HOLD = 'campaign-stopped'
/** What no provider has as a whole. */
const UNSUBMITTED = [...WAITING_STATUSES, 'sending'] as const
/** Nobody rings for what waits for a person. */
export const NEVER = new Date('9999-01-01T00:00:00Z')

/**
 * Not those that a provider has in part: their text is finished; nor those that a restore holds, which a resume of the gateway
 * looks for. Each keeps its own time, for a resume.
 */
export async function holdUnsent(trx: DbTransaction, id: CampaignId, now: Date): Promise<void> {
  await sql`
    with waiting as (
      select id from message where campaign_id = ${id} and status in (${sql.join(WAITING_STATUSES)})
        and pinned_provider is null and hold_reason is distinct from 'restored'
      order by id for update
    ),
    held as (
      update message m set status = 'held', hold_reason = ${STOPPED_HOLD}, ring_at = ${NEVER},
        updated_at = ${now}
      from waiting where m.id = waiting.id
      returning m.id
    )
    insert into message_event (message_id, status, at, detail) select id, 'held', ${now}, ${STOPPED_HOLD} from held`.execute(
    trx,
  )
}

/**
 * The time for which the campaign stood still does not count against what has not been submitted, whatever it waits for:
 * a dispatcher may have it in hand, or have put it back since. An otp is never late: what of it is past its time ends.
 */
export async function releaseUnsent(
  trx: DbTransaction,
  id: CampaignId,
  stoppedAt: Date,
  now: Date,
): Promise<void> {
  await lockUnsent(trx, id, UNSUBMITTED)
  await sql`
    with waiting as (
      select id, message_type = 'otp' as is_strict, expires_at,
        status = 'held' and hold_reason is not distinct from ${STOPPED_HOLD} as is_held,
        -- A dispatcher that asked a minute too early only looks again: that is no time of the message's own.
        case when ring_at = ${NEVER} then not_before end as own_time, ${TAKEN_BY}
      from message
      where campaign_id = ${id} and status in (${sql.join(UNSUBMITTED)})
      order by id for update
    ),
    late as (
      select w.id, 'expired' as status, ${CAMPAIGN_PAUSED.detail} as detail, ${selectTaken('w')}, other.*
      from waiting w, json_to_record(${JSON.stringify(otherEnds('expired'))}::json) as other(${OTHER_ENDS})
      where w.is_held and w.is_strict and w.expires_at <= ${now}
    ),
    ended as (
      update message m set status = ${TRUE_STATUS}, hold_reason = null, not_before = null, updated_at = ${now},
        error_code = ${CAMPAIGN_PAUSED.code}, error_detail = ${withNote('i.detail')},
        cost_milli = cost_after(${TRUE_STATUS}, m.cost_milli, m.charged_milli)
      from late i where m.id = i.id
      returning m.id, m.status, m.error_detail
    ),
    told as (
      insert into message_event (message_id, status, at, error_code, detail)
      select id, status, ${now}, ${CAMPAIGN_PAUSED.code}, error_detail from ended
    )
    update message m set updated_at = case when w.is_held then ${now} else m.updated_at end,
      ring_at = case when w.is_held then greatest(w.own_time, ${now}) else m.ring_at end,
      not_before = case when w.is_held then w.own_time else m.not_before end,
      expires_at = case when w.is_strict then m.expires_at
        else m.expires_at + (${now}::timestamptz - ${stoppedAt}::timestamptz) end
    from waiting w where m.id = w.id
      and case when w.is_strict then w.is_held and w.expires_at > ${now} else true end`.execute(trx)
}

/** Not what a provider has in part, which goes its way. What one may have ends too, and is not said to be cancelled. */
export async function cancelUnsent(trx: DbTransaction, id: CampaignId, now: Date): Promise<void> {
  await lockUnsent(trx, id, WAITING_STATUSES)
  await sql`
    with waiting as (
      select id, ${TAKEN_BY} from message
      where campaign_id = ${id} and status in (${sql.join(WAITING_STATUSES)}) and pinned_provider is null
      order by id for update
    ),
    unsent as (
      select w.id, 'cancelled' as status, null as detail, ${selectTaken('w')}, other.*
      from waiting w, json_to_record(${JSON.stringify(otherEnds('cancelled'))}::json) as other(${OTHER_ENDS})
    ),
    ended as (
      update message m set status = ${TRUE_STATUS}, error_code = case i.taken when 'maybe' then 'campaign-cancelled' end,
        error_detail = ${withNote('i.detail')}, cost_milli = cost_after(${TRUE_STATUS}, m.cost_milli, m.charged_milli), updated_at = ${now}
      from unsent i where m.id = i.id
      returning m.id, m.status, m.error_code, m.error_detail
    )
    insert into message_event (message_id, status, at, error_code, detail)
    select id, status, ${now}, error_code, error_detail from ended`.execute(trx)
}

/** By itself: what the next statement sees of their attempts is then as of their locks, however long those were waited for. */
async function lockUnsent(
  trx: DbTransaction,
  id: CampaignId,
  statuses: readonly MessageStatus[],
): Promise<void> {
  await sql`
    select count(*) from (
      select from message where campaign_id = ${id} and status in (${sql.join(statuses)}) order by id for update
    ) locked`.execute(trx)
}
