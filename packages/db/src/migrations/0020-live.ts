import { type Kysely, sql } from 'kysely'

/**
 * What the operators' page shows live, as sums of changes like the other figures: what happened in each minute, and how
 * many messages are where. So nobody counts rows of messages, however many there are.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create table stat_minute (
    minute timestamptz not null,
    client_id uuid not null,
    lane text not null,
    accepted bigint not null,
    sent bigint not null,
    delivered bigint not null,
    failed bigint not null,
    primary key (minute, client_id, lane))`.execute(db)
  await sql`create table stat_now (
    client_id uuid not null,
    lane text not null,
    state text not null,
    reason text not null,
    count bigint not null,
    primary key (client_id, lane, state, reason))`.execute(db)
  // What was written before has no lane: its messages are counted below.
  await sql`alter table stat_delta
    add column changed_at timestamptz not null default now(),
    add column lane text not null default '',
    add column state text not null default '',
    add column reason text not null default ''`.execute(db)
  await sql`create function state_of(status text, in_doubt boolean) returns text language sql immutable
    return case when in_doubt then 'in_doubt' when status in ('accepted', 'queued', 'sending') then 'waiting'
      when status in ('held', 'scheduled') then status else '' end`.execute(db)
  await countLive(db)
  await sql`insert into stat_now (client_id, lane, state, reason, count)
    select client_id, lane, state_of(status, in_doubt), case status when 'held' then coalesce(hold_reason, '') else '' end,
      count(*)
    from message where status in ('accepted', 'scheduled', 'held', 'queued', 'sending') group by 1, 2, 3, 4`.execute(
    db,
  )
  // When the first goes by itself: those for a person to look at do not.
  await sql`create index message_held on message (client_id, not_before)
    where status = 'held' and hold_reason <> 'fraud-check'`.execute(db)
}

const KEYS = sql.raw('client_id, provider, message_type, template_code, variant, campaign_id')
const PLACE = sql.raw('lane, state, reason')
const FIGURES = sql.raw('total, sent, delivered, failed, segments, cost_milli')

/** As in 0013, and where the message is. */
const CONTRIBUTION = sql.raw(`
  date_bin('15 minutes', m.created_at, timestamptz '2000-01-01 00:00:00+00') as at,
  m.client_id,
  case when m.status in ('accepted', 'scheduled', 'held', 'queued', 'sending') then '' else coalesce(m.provider, '') end
    as provider,
  m.message_type,
  coalesce(m.template_code, '') as template_code,
  coalesce(m.variant, '') as variant,
  coalesce(m.campaign_id, '00000000-0000-0000-0000-000000000000') as campaign_id,
  coalesce(m.customer_id, '') as customer_id,
  m.lane,
  state_of(m.status, m.in_doubt) as state,
  case m.status when 'held' then coalesce(m.hold_reason, '') else '' end as reason,
  1 as total,
  is_taken(m.status, m.sent_at) as sent,
  (m.status = 'delivered')::int as delivered,
  (m.status in ('undelivered', 'failed', 'expired'))::int as failed,
  is_taken(m.status, m.sent_at) * m.segments as segments,
  is_taken(m.status, m.sent_at) * m.cost_milli as cost_milli,
  case when m.status = 'delivered' then delay_bucket(m.sent_at, m.delivered_at) end as delay`)

/** A message that goes to another place is one less where it was and one more where it is. */
async function countLive(db: Kysely<never>): Promise<void> {
  await sql`create or replace function count_new_messages() returns trigger language plpgsql as $$ begin
    insert into stat_delta (at, ${KEYS}, customer_id, ${PLACE}, ${FIGURES}, delays)
    select at, ${KEYS}, customer_id, ${PLACE}, sum(total), sum(sent), sum(delivered), sum(failed), sum(segments),
      sum(cost_milli), array_agg(delay) filter (where delay is not null)
    from (select ${CONTRIBUTION} from new_message m) c
    group by at, ${KEYS}, customer_id, ${PLACE};
    return null;
  end $$`.execute(db)
  await sql`create or replace function count_changed_messages() returns trigger language plpgsql as $$ begin
    insert into stat_delta (at, ${KEYS}, customer_id, ${PLACE}, ${FIGURES}, delays)
    select at, ${KEYS}, customer_id, ${PLACE}, sum(sign * total), sum(sign * sent), sum(sign * delivered),
      sum(sign * failed), sum(sign * segments), sum(sign * cost_milli),
      array_agg(case sign when 1 then delay else -1 - delay end) filter (where delay is not null)
    from (
      select 1 as sign, ${CONTRIBUTION} from new_message m
      union all
      select -1 as sign, ${CONTRIBUTION} from old_message m
    ) c
    group by at, ${KEYS}, customer_id, ${PLACE}
    having sum(sign * total) <> 0 or sum(sign * sent) <> 0 or sum(sign * delivered) <> 0 or sum(sign * failed) <> 0
      or sum(sign * segments) <> 0 or sum(sign * cost_milli) <> 0 or count(delay) > 0;
    return null;
  end $$`.execute(db)
}
