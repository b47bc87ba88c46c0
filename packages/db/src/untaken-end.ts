import { type RawBuilder, sql } from 'kysely'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import { endTruly, isUntakenEnd } from '@sms-gateway/domain/untaken-end'

/** Of a change: what the message becomes instead where some of its parts, or maybe all of it, was taken. */
export interface OtherEnds {
  parts_status: MessageStatus
  parts_note: string | null
  maybe_status: MessageStatus
  maybe_note: string | null
}

/** For `json_to_recordset`: null where the message does not end, or ends as taken. */
export const OTHER_ENDS = sql`parts_status text, parts_note text, maybe_status text, maybe_note text`

export function otherEnds(
  status: MessageStatus,
  saidBy?: 'gateway' | 'operator',
): OtherEnds | undefined {
  if (!isUntakenEnd(status)) return undefined
  const parts = endTruly(status, 'parts', saidBy)
  const maybe = endTruly(status, 'maybe', saidBy)
  return {
    parts_status: parts.status,
    parts_note: parts.note,
    maybe_status: maybe.status,
    maybe_note: maybe.note,
  }
}

/**
 * Of a row that has the message's `id` and {@link TAKEN_BY} as they are under its lock: whether a provider may have it, as a whole. A
 * message that goes in another's stead is marked too, so its own attempts decide, those of `among`: one that is in doubt, or was
 * taken after all, or that an operator had repeated without knowing. A proof that was committed while the lock was waited for is
 * not among them yet, but has charged the message.
 */
export function mayBeTaken(
  row: string,
  among: RawBuilder<unknown> = sql`true`,
): RawBuilder<boolean> {
  return sql`(${sql.ref(`${row}.possible_duplicate`)} and (
      ${sql.ref(`${row}.charged_milli`)} is not null and ${sql.ref(`${row}.pinned_provider`)} is null or exists (
      select from attempt e where ${among} and e.message_id = ${sql.ref(`${row}.id`)}
        and (e.state in ('in_doubt', 'accepted') or e.state = 'absent' and e.error_code = ${BY_HAND}))))`
}

/** `taken` of a row that has its facts as they are under the message's lock: its worker may not have learnt of them. */
export function selectTaken(
  row: string,
  { among, pinned = sql.ref(`${row}.pinned_provider`) }: TakenFacts = {},
): RawBuilder<unknown> {
  return sql`case when ${mayBeTaken(row, among)} then 'maybe' when ${pinned} is not null then 'parts'
    else 'nothing' end as taken`
}

interface TakenFacts {
  among?: RawBuilder<unknown>
  pinned?: RawBuilder<unknown>
}

/** What a message's row says of it. */
export const TAKEN_BY = sql`possible_duplicate, pinned_provider, charged_milli`

/** The code of an attempt that an operator has settled. */
export const BY_HAND = 'resolved-by-hand'

/** The status of an input `i` that knows what was `taken`. */
export const TRUE_STATUS = sql`case when i.maybe_status is null then i.status when i.taken = 'maybe' then i.maybe_status
  when i.taken = 'parts' then i.parts_status else i.status end`

/** A detail of an input `i`, with the note that belongs to its {@link TRUE_STATUS}. */
export function withNote(detail: string): RawBuilder<string | null> {
  return sql`nullif(concat_ws('; ', ${sql.ref(detail)}, case i.taken when 'maybe' then i.maybe_note
    when 'parts' then i.parts_note end), '')`
}

/** Of a message `m`: it has ended as if nobody took it. One that turns out to be taken then stays so, but going again it would come twice. */
export const SAYS_UNSENT = sql`m.status in ('failed', 'cancelled', 'expired', 'suppressed')`
