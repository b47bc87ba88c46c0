import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { Db } from './connect.ts'
import {
  OTHER_ENDS,
  otherEnds,
  selectTaken,
  TAKEN_BY,
  TRUE_STATUS,
  withNote,
} from './untaken-end.ts'

export interface GivenBack {
  messageId: MessageId
  status: Extract<
    MessageStatus,
    'queued' | 'held' | 'failed' | 'expired' | 'suppressed' | 'cancelled'
  >
  notBefore: Date | null
  holdReason: string | null
  error: { code: string; detail: string } | null
  /** None where a message is put back as it was, and there is nothing to tell. */
  tell: boolean
  at: Date
}

/**
 * Ends or parks claimed messages that have no open attempt: what a gate decided before anything more was submitted. One that an
 * earlier provider has in part, or may have, does not end as if nothing had been sent (`endTruly`).
 */
export async function giveBackMessages(
  db: Db,
  workerId: string,
  givenBack: readonly GivenBack[],
): Promise<boolean[]> {
  const ids = givenBack.map(({ messageId }) => messageId)
  const input = JSON.stringify(givenBack.map(toRow))
  const { rows } = await sql<{ id: MessageId }>`
    with input as (
      select * from json_to_recordset(${input}::json) as i(message_id uuid, status text, not_before timestamptz,
        hold_reason text, error_code text, error_detail text, tell boolean, at timestamptz, ${OTHER_ENDS})
    ),
    locked as (
      select id, ${TAKEN_BY} from message where id = any(${ids}::uuid[]) order by id for update
    ),
    judged as materialized (
      select i.*, ${selectTaken('locked', { among: sql`e.message_id = any(${ids}::uuid[])` })}
      from input i join locked on locked.id = i.message_id
    ),
    moved as (
      update message m set status = ${TRUE_STATUS}, claimed_by = null, not_before = i.not_before,
        ring_at = coalesce(i.not_before, i.at), hold_reason = i.hold_reason, error_code = i.error_code,
        error_detail = ${withNote('i.error_detail')}, cost_milli = cost_after(${TRUE_STATUS}, m.cost_milli, m.charged_milli),
        updated_at = i.at
      from judged i
      where m.id = any(${ids}::uuid[]) and m.id = i.message_id and m.status = 'sending' and m.claimed_by = ${workerId}
        and not m.attempt_open
      returning m.id, m.status, m.error_detail
    ),
    told as (
      insert into message_event (message_id, status, at, error_code, detail)
      select i.message_id, moved.status, i.at, i.error_code, coalesce(moved.error_detail, i.hold_reason)
      from input i join moved on moved.id = i.message_id
      where i.tell
    )
    select id from moved`.execute(db)
  const moved = new Set(rows.map(({ id }) => id))
  return givenBack.map(({ messageId }) => moved.has(messageId))
}

function toRow({ messageId, status, notBefore, holdReason, error, tell, at }: GivenBack) {
  return {
    message_id: messageId,
    status,
    not_before: notBefore,
    hold_reason: holdReason,
    error_code: error?.code,
    error_detail: error?.detail,
    tell,
    at,
    ...otherEnds(status),
  }
}
