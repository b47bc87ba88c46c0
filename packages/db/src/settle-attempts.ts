import { sql } from 'kysely'
import type { AttemptState } from '@sms-gateway/domain/attempt-result'
import type { AttemptKey, MessageId } from '@sms-gateway/domain/ids'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { oneOf } from './one-of.ts'
import { prepared } from './prepared.ts'
import {
  OTHER_ENDS,
  otherEnds,
  SAYS_UNSENT,
  selectTaken,
  TAKEN_BY,
  TRUE_STATUS,
  withNote,
} from './untaken-end.ts'

/** What becomes of the message when its attempt is settled. */
export interface MessageChange {
  status: MessageStatus
  /** The worker goes on with it: the next provider. */
  keepClaim: boolean
  inDoubt: boolean
  /** Of a parked message: before it nothing is tried. */
  notBefore: Date | null
  /** Why it is parked. */
  holdReason: string | null
  providerMessageId: string | null
  pinnedProvider: ProviderName | null
  possibleDuplicate: boolean
  error: { code: string; detail: string } | null
  /** Who says so, where it is an operator. */
  saidBy?: 'operator'
}

export interface TakenPart {
  reference: string
  part: number
  parts: number
  /** When its receipt must be asked for; null where the provider sends it. */
  pollAt: Date | null
}

export interface Settlement extends AttemptKey {
  provider: ProviderName
  state: AttemptState
  /** Whether it counts against `SMS_MAX_ATTEMPTS`. */
  counted: boolean
  error: { code: string; detail: string } | null
  /** When the provider is to be asked what became of it. */
  checkAt: Date | null
  taken: readonly TakenPart[]
  change: MessageChange
  /** The line of the timeline; none where there is nothing new to tell. */
  event: { status: MessageStatus; errorCode: string | null; detail: string | null } | null
  at: Date
}

/**
 * Settles attempts that are open or in doubt, and moves their messages where the attempt is still the newest and
 * nothing has moved them since; a message that was put back because of a doubt moves too when the attempt turns out
 * to be accepted. One that an earlier attempt may have brought to a provider does not end as if nothing had been sent
 * (`endTruly`). An attempt that turns out to be taken after its message went on, or has ended as if it were not, is
 * recorded, and the message is marked as a possible duplicate. Returns for each whether the message moved; safe to
 * repeat when the answer of the commit was lost: who is to go on with the message is told so again.
 */
// eslint-disable-next-line max-lines-per-function -- one statement
export async function settleAttempts(
  db: Db,
  settlements: readonly Settlement[],
): Promise<boolean[]> {
  const ids = settlements.map(({ messageId }) => messageId)
  const input = JSON.stringify(settlements.map(toRow))
  const parts = JSON.stringify(settlements.flatMap(toReferenceRows))
  const { rows } = await sql<{ id: MessageId }>`${prepared('settle-attempts')}
    with input as (
      select * from json_to_recordset(${input}::json) as i(message_id uuid, number smallint, provider text, state text,
        counted smallint, error_code text, error_detail text, check_at timestamptz, status text, keep_claim boolean,
        in_doubt boolean, not_before timestamptz, hold_reason text, provider_message_id text, pinned_provider text,
        possible_duplicate boolean, message_error_code text, message_error_detail text, event_status text,
        event_code text, event_detail text, at timestamptz, ${OTHER_ENDS})
    ),
    locked as (
      select id, ${TAKEN_BY} from message where ${oneOf('id', ids)} order by id for update
    ),
    mine as materialized (
      select i.*, ${selectTaken('locked', {
        among: sql`${oneOf('e.message_id', ids)} and e.number < i.number`,
        pinned: sql`coalesce(i.pinned_provider, locked.pinned_provider)`,
      })}
      from input i join locked on locked.id = i.message_id
    ),
    settled as (
      update attempt a set state = i.state, settled_at = i.at, error_code = i.error_code,
        error_detail = i.error_detail, check_at = i.check_at
      from mine i
      where ${oneOf('a.message_id', ids)} and a.message_id = i.message_id and a.number = i.number
        and (a.state in ('open', 'in_doubt')
          or a.state = 'absent' and i.state in ('accepted', 'partial'))
      returning a.message_id, a.number, a.state, a.settled_at
    ),
    proven as (
      select message_id, number, settled_at as at from settled where state in ('accepted', 'partial')
    ),
    taken as (
      insert into provider_reference (provider, reference, message_id, attempt_number, part, parts, delivery_status,
        created_at, poll_at, charge_milli)
      select p.provider, p.reference, p.message_id, p.attempt_number, p.part, p.parts, p.delivery_status, p.created_at,
        p.poll_at, charge_of(p.provider, m.country, m.segments, p.created_at)
      from json_populate_recordset(null::provider_reference, ${parts}::json) p
      join message m on ${oneOf('m.id', ids)} and m.id = p.message_id
      order by p.provider, p.reference
      on conflict (provider, reference) do nothing
      returning message_id, charge_milli
    ),
    charge as (select message_id, sum(charge_milli)::int as milli from taken group by message_id),
    moved as (
      update message m set status = ${TRUE_STATUS}, attempt_open = false, in_doubt = i.in_doubt,
        claimed_by = case when i.keep_claim then m.claimed_by end, not_before = i.not_before,
        ring_at = coalesce(i.not_before, m.ring_at), hold_reason = i.hold_reason,
        provider_message_id = coalesce(i.provider_message_id, m.provider_message_id),
        pinned_provider = coalesce(i.pinned_provider, m.pinned_provider),
        possible_duplicate = m.possible_duplicate or i.possible_duplicate
          or exists (select from proven p where p.message_id = m.id and p.number < i.number),
        charged_milli = add_charge(m.charged_milli, c.milli),
        cost_milli = cost_after(${TRUE_STATUS}, m.cost_milli, add_charge(m.charged_milli, c.milli)),
        counted_attempts = m.counted_attempts + case when m.attempt_open then i.counted else 0 end,
        error_code = i.message_error_code, error_detail = ${withNote('i.message_error_detail')}, sent_at = case when i.status = 'sent' then i.at else m.sent_at end,
        updated_at = i.at
      from mine i left join charge c on c.message_id = i.message_id
      where ${oneOf('m.id', ids)} and m.id = i.message_id and m.attempt_number = i.number
        and (m.status = 'sending' and (m.attempt_open or m.in_doubt)
          or i.state = 'accepted' and m.status in ('sending', 'queued', 'held')
            and exists (select from proven p where p.message_id = m.id and p.number = i.number))
      returning m.id
    ),
    late as (
      update message m set possible_duplicate = m.possible_duplicate
          or l.proven and (m.attempt_number > l.number or ${SAYS_UNSENT}),
        charged_milli = add_charge(m.charged_milli, l.milli),
        cost_milli = cost_after(m.status, m.cost_milli, add_charge(m.charged_milli, l.milli)), updated_at = l.at
      from (
        select i.message_id, i.number, i.at, p.number is not null as proven, c.milli
        from mine i left join proven p on p.message_id = i.message_id and p.number = i.number
        left join charge c on c.message_id = i.message_id
      ) l
      where ${oneOf('m.id', ids)} and m.id = l.message_id
        and (l.proven and (m.attempt_number > l.number or ${SAYS_UNSENT}) or l.milli is not null)
        and m.id not in (select id from moved)
    ),
    told as (
      insert into message_event (message_id, status, at, provider, provider_message_id, error_code, detail)
      select i.message_id, ${TRUE_STATUS}, i.at, i.provider, i.provider_message_id, i.event_code,
        ${withNote('i.event_detail')}
      from mine i join moved on moved.id = i.message_id
      where i.event_status is not null
    )
    select id from moved
    union
    select m.id from input i
    join attempt a on a.message_id = i.message_id and a.number = i.number
    join message m on m.id = i.message_id
    where ${oneOf('a.message_id', ids)} and ${oneOf('m.id', ids)}
      and i.keep_claim and a.state = i.state and a.settled_at = i.at and m.status is not distinct from 'sending'
      and m.claimed_by = a.worker_id and m.attempt_number = i.number and not m.attempt_open and not m.in_doubt`.execute(
    db,
  )
  const moved = new Set(rows.map(({ id }) => id))
  return settlements.map(({ messageId }) => moved.has(messageId))
}

function toRow({
  messageId,
  number,
  provider,
  state,
  counted,
  error,
  checkAt,
  change,
  event,
  at,
}: Settlement) {
  return {
    message_id: messageId,
    number,
    provider,
    state,
    counted: counted ? 1 : 0,
    error_code: error?.code,
    error_detail: error?.detail,
    check_at: checkAt,
    status: change.status,
    keep_claim: change.keepClaim,
    in_doubt: change.inDoubt,
    not_before: change.notBefore,
    hold_reason: change.holdReason,
    provider_message_id: change.providerMessageId,
    pinned_provider: change.pinnedProvider,
    possible_duplicate: change.possibleDuplicate,
    message_error_code: change.error?.code,
    message_error_detail: change.error?.detail,
    event_status: event?.status,
    event_code: event?.errorCode,
    event_detail: event?.detail,
    at,
    ...otherEnds(change.status, change.saidBy),
  }
}

function toReferenceRows({ messageId, number, provider, taken, at }: Settlement) {
  return taken.map(({ reference, part, parts, pollAt }) => ({
    provider,
    reference,
    message_id: messageId,
    attempt_number: number,
    part,
    parts,
    delivery_status: 'accepted',
    created_at: at,
    poll_at: pollAt,
  }))
}
