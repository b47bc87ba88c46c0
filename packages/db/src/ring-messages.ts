import { sql } from 'kysely'
import { EXPIRED } from '@sms-gateway/domain/expiry'
import { FRAUD_CHECK } from '@sms-gateway/domain/fraud-check'
import { MessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import type { Db } from './connect.ts'
import { isRunning } from './gateway-state.ts'

/** A message that was rung for is not rung again before: its job may be waiting behind others. */
const RING_AGAIN_SECONDS = 30

export interface RingRequest {
  lane: Lane
  now: Date
  limit: number
  /** Only messages that wait for another try: no queue knows of them, and they are few. */
  retriesOnly: boolean
}

/**
 * The messages of a lane that are due and that no queue may know of: parked and scheduled ones whose time has come,
 * and new ones that nobody took. They become `queued`, and the row remembers that it was rung for. What was held for a
 * fraud check until its end ends here: a dispatcher whose clock is behind this one's would still send it. While the
 * gateway is paused nobody rings, so that what is due goes as soon as it runs again.
 */
export async function ringMessages(
  db: Db,
  { lane, now, limit, retriesOnly }: RingRequest,
): Promise<MessageId[]> {
  const again = new Date(now.getTime() + RING_AGAIN_SECONDS * 1000)
  const { rows } = await sql<{ id: string }>`
    with due as (
      select id, status as was, status = 'held' and hold_reason = ${FRAUD_CHECK} as is_suspect from message
      where status in ('accepted', 'scheduled', 'held', 'queued') and ring_at <= ${now} and lane = ${lane}
        and ${isRunning} and (not ${retriesOnly} or (status = 'queued' and not_before is not null))
      order by ring_at limit ${limit} for update skip locked
    ),
    ended as (
      update message m set status = 'expired', not_before = null, hold_reason = null, updated_at = ${now},
        error_code = ${EXPIRED.code}, error_detail = ${EXPIRED.detail}
      from due where m.id = due.id and due.is_suspect
      returning m.id
    ),
    ended_told as (
      insert into message_event (message_id, status, at, error_code, detail)
      select id, 'expired', ${now}, ${EXPIRED.code}, ${EXPIRED.detail} from ended
    ),
    rung as (
      update message m set status = 'queued', ring_at = ${again}, not_before = null, hold_reason = null,
        updated_at = case when due.was = 'queued' then m.updated_at else ${now} end
      from due where m.id = due.id and not due.is_suspect
      returning m.id, due.was
    ),
    told as (
      insert into message_event (message_id, status, at) select id, 'queued', ${now} from rung where was <> 'queued'
    )
    select id from rung order by id`.execute(db)
  return rows.map(({ id }) => MessageId.parse(id))
}
