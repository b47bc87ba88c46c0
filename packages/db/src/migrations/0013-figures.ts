import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<never>): Promise<void> {
  await createLogIndexes(db)
  await createStatTables(db)
  await countChanges(db)
}

/**
 * What `GET /logs` may be narrowed by, newest first. Each update of a message that moves its status writes all of its
 * indexes anew, so they are few: a provider is found by its attempts, which are written twice, and what most messages
 * have in common (`delivered`) needs none.
 */
async function createLogIndexes(db: Kysely<never>): Promise<void> {
  await sql`create index message_of_client on message (client_id, id)`.execute(db)
  await sql`create index message_of_type on message (message_type, id)`.execute(db)
  for (const column of ['customer_id', 'template_code', 'campaign_id', 'batch_id']) {
    const name = sql.ref(`message_of_${column.replace(/_.*/, '')}`)
    await sql`create index ${name} on message (${sql.ref(column)}, id)
      where ${sql.ref(column)} is not null`.execute(db)
  }
  await sql`create index message_of_status on message (status, id) where status in ('accepted', 'scheduled', 'held',
    'undelivered', 'failed', 'cancelled', 'expired', 'suppressed', 'unknown')`.execute(db)
  await sql`create index message_in_doubt on message (id) where in_doubt`.execute(db)
  await sql`create index attempt_of_provider on attempt (provider, message_id)`.execute(db)
}

const KEYS = sql.raw('client_id, provider, message_type, template_code, variant, campaign_id')
const KEY_COLUMNS = sql.raw(`
  client_id uuid not null,
  provider text not null,
  message_type text not null,
  template_code text not null,
  variant text not null,
  campaign_id uuid not null`)
const FIGURES = sql.raw('total, sent, delivered, failed, segments, cost_milli')
const FIGURE_COLUMNS = sql.raw(`
  total bigint not null,
  sent bigint not null,
  delivered bigint not null,
  failed bigint not null,
  segments bigint not null,
  cost_milli bigint not null`)

/** What is not there is '' or the nil UUID: PostgreSQL 14 has no unique index over nulls. */
async function createStatTables(db: Kysely<never>): Promise<void> {
  await sql`create table stat_hour (hour timestamptz not null, ${KEY_COLUMNS}, ${FIGURE_COLUMNS},
    delays bytea not null, primary key (hour, ${KEYS}))`.execute(db)
  await sql`create table stat_day (day date not null, ${KEY_COLUMNS}, ${FIGURE_COLUMNS},
    delays bytea not null, primary key (day, ${KEYS}))`.execute(db)
  await sql`create table stat_customer (day date not null, client_id uuid not null, customer_id text not null,
    ${FIGURE_COLUMNS}, delays bytea not null, primary key (client_id, customer_id, day))`.execute(
    db,
  )
  // Written by every commit on messages and emptied each second: it has no index, and is vacuumed often.
  await sql`create table stat_delta (at timestamptz not null, ${KEY_COLUMNS}, customer_id text not null,
    ${FIGURE_COLUMNS}, delays smallint[]) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)`.execute(
    db,
  )
}

/**
 * What a message adds to the figures is a function of its row alone: so a change of it is the new row's less the old
 * row's, whoever makes it and however often, and all of them come to the sum over the messages.
 */
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
  1 as total,
  is_taken(m.status, m.sent_at) as sent,
  (m.status = 'delivered')::int as delivered,
  (m.status in ('undelivered', 'failed', 'expired'))::int as failed,
  is_taken(m.status, m.sent_at) * m.segments as segments,
  is_taken(m.status, m.sent_at) * m.cost_milli as cost_milli,
  case when m.status = 'delivered' then delay_bucket(m.sent_at, m.delivered_at) end as delay`)

async function countChanges(db: Kysely<never>): Promise<void> {
  await sql`create function is_taken(status text, sent_at timestamptz) returns int language sql immutable
    return (status in ('sent', 'delivered', 'undelivered') or status = 'unknown' and sent_at is not null)::int`.execute(
    db,
  )
  // packages/domain/src/delay-sketch.ts has the same buckets.
  await sql`create function delay_bucket(sent_at timestamptz, delivered_at timestamptz) returns smallint language sql immutable
    return ceil(ln(greatest(1000 * extract(epoch from delivered_at - sent_at)::float8, 1)) / ln(1.04::float8))::smallint`.execute(
    db,
  )
  await sql`create view message_stat as select m.id, m.created_at, ${CONTRIBUTION} from message m`.execute(
    db,
  )
  await sql`create function count_new_messages() returns trigger language plpgsql as $$ begin
    insert into stat_delta (at, ${KEYS}, customer_id, ${FIGURES}, delays)
    select at, ${KEYS}, customer_id, sum(total), sum(sent), sum(delivered), sum(failed), sum(segments), sum(cost_milli),
      array_agg(delay) filter (where delay is not null)
    from (select ${CONTRIBUTION} from new_message m) c
    group by at, ${KEYS}, customer_id;
    return null;
  end $$`.execute(db)
  await sql`create function count_changed_messages() returns trigger language plpgsql as $$ begin
    insert into stat_delta (at, ${KEYS}, customer_id, ${FIGURES}, delays)
    select at, ${KEYS}, customer_id, sum(sign * total), sum(sign * sent), sum(sign * delivered), sum(sign * failed),
      sum(sign * segments), sum(sign * cost_milli),
      array_agg(case sign when 1 then delay else -1 - delay end) filter (where delay is not null)
    from (
      select 1 as sign, ${CONTRIBUTION} from new_message m
      union all
      select -1 as sign, ${CONTRIBUTION} from old_message m
    ) c
    group by at, ${KEYS}, customer_id
    having sum(sign * total) <> 0 or sum(sign * sent) <> 0 or sum(sign * delivered) <> 0 or sum(sign * failed) <> 0
      or sum(sign * segments) <> 0 or sum(sign * cost_milli) <> 0 or count(delay) > 0;
    return null;
  end $$`.execute(db)
  await sql`create trigger count_new_messages after insert on message
    referencing new table as new_message for each statement execute function count_new_messages()`.execute(
    db,
  )
  await sql`create trigger count_changed_messages after update on message
    referencing old table as old_message new table as new_message
    for each statement execute function count_changed_messages()`.execute(db)
  // What was sent before there were figures.
  await sql`insert into stat_delta (at, ${KEYS}, customer_id, ${FIGURES}, delays)
    select at, ${KEYS}, customer_id, sum(total), sum(sent), sum(delivered), sum(failed), sum(segments), sum(cost_milli),
      array_agg(delay) filter (where delay is not null)
    from message_stat group by at, ${KEYS}, customer_id`.execute(db)
}
