import { type Kysely, sql } from 'kysely'

/** What the dispatchers share about providers, and what paces them where there is no Redis. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table provider_state
      add column circuit text not null default 'closed' check (circuit in ('closed', 'open', 'half_open')),
      add column failures integer not null default 0,
      add column opened_at timestamptz,
      add column probe_until timestamptz,
      add column reason text not null default 'no failure yet'`.execute(db)
  await sql`
    create table provider_event (
      id bigint generated always as identity primary key,
      provider text not null,
      at timestamptz not null,
      state text not null,
      reason text not null,
      actor text
    )`.execute(db)
  await sql`create index provider_event_newest on provider_event (provider, id desc)`.execute(db)
  await sql`
    create table provider_minute (
      provider text not null,
      minute timestamptz not null,
      outcome text not null,
      attempts integer not null,
      latency_ms bigint not null,
      latency_ms_max integer not null,
      primary key (provider, minute, outcome)
    )`.execute(db)
  await sql`
    create table rate_turn (
      id text not null primary key,
      next_at timestamptz not null
    )`.execute(db)
  await sql`
    create table customer_setting (
      client_id uuid not null references api_client (id),
      customer_id text not null,
      time_zone text not null,
      updated_at timestamptz not null default now(),
      primary key (client_id, customer_id)
    )`.execute(db)
}
