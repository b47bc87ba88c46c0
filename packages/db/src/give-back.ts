import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { Db } from './connect.ts'

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

/** Ends or parks claimed messages that have no open attempt: what a gate decided before anything was submitted. */
export async function giveBackMessages(
  db: Db,
  workerId: string,
  givenBack: readonly GivenBack[],
): Promise<boolean[]> {
  const ids = givenBack.map(({ messageId }) => messageId)
  const input = JSON.stringify(
    givenBack.map(({ messageId, status, notBefore, holdReason, error, tell, at }) => ({
      message_id: messageId,
      status,
      not_before: notBefore,
      hold_reason: holdReason,
      error_code: error?.code,
      error_detail: error?.detail,
      tell,
      at,
    })),
  )
  const { rows } = await sql<{ id: MessageId }>`
    with input as (
      select * from json_to_recordset(${input}::json) as i(message_id uuid, status text, not_before timestamptz,
        hold_reason text, error_code text, error_detail text, tell boolean, at timestamptz)
    ),
    locked as (
      select id from message where id = any(${ids}::uuid[]) order by id for update
    ),
    moved as (
      update message m set status = i.status, claimed_by = null, not_before = i.not_before,
        ring_at = coalesce(i.not_before, i.at), hold_reason = i.hold_reason, error_code = i.error_code,
        error_detail = i.error_detail, updated_at = i.at
      from locked join input i on i.message_id = locked.id
      where m.id = any(${ids}::uuid[]) and m.id = locked.id and m.status = 'sending' and m.claimed_by = ${workerId} and not m.attempt_open
      returning m.id
    ),
    told as (
      insert into message_event (message_id, status, at, error_code, detail)
      select i.message_id, i.status, i.at, i.error_code, coalesce(i.error_detail, i.hold_reason)
      from input i join moved on moved.id = i.message_id
      where i.tell
    )
    select id from moved`.execute(db)
  const moved = new Set(rows.map(({ id }) => id))
  return givenBack.map(({ messageId }) => moved.has(messageId))
}
