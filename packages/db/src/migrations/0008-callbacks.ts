import { type Kysely, sql } from 'kysely'

/**
 * The producers' own webhooks. What happens to a message is copied to the outbox by a trigger, so that no way of writing
 * an event can forget it; for clients without an active callback that is one look at a table that is empty.
 * No foreign keys: an event must not lock its callback, and is deleted after it, in batches.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await createCallback(db)
  await createOutbox(db)
  await createMessageTrigger(db)
  await createPermissionTrigger(db)
}

async function createCallback(db: Kysely<never>): Promise<void> {
  await sql`
    create table callback (
      id uuid not null primary key,
      client_id uuid not null references api_client (id),
      state text not null default 'active' check (state in ('active', 'disabled', 'deleted')),
      url_cipher bytea not null,
      event_types text[] not null check (cardinality(event_types) > 0),
      secret_cipher bytea not null,
      old_secret_cipher bytea,
      old_secret_until timestamptz,
      disabled_reason text,
      disabled_at timestamptz,
      failures integer not null default 0,
      failing_since timestamptz,
      paused_until timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint callback_old_secret_ends check ((old_secret_cipher is null) = (old_secret_until is null))
    )`.execute(db)
  await sql`create index callback_active on callback (client_id) where state = 'active'`.execute(db)
}

async function createOutbox(db: Kysely<never>): Promise<void> {
  await sql`
    create table callback_event (
      id uuid not null primary key default gen_random_uuid(),
      callback_id uuid not null,
      type text not null,
      subject_id uuid not null,
      occurred_at timestamptz not null,
      state text not null default 'pending' check (state in ('pending', 'delivering', 'delivered', 'failed', 'dropped')),
      attempts smallint not null default 0,
      attempts_before smallint not null default 0,
      due_at timestamptz not null default now(),
      expires_at timestamptz not null default now() + interval '24 hours',
      claimed_until timestamptz,
      error text,
      settled_at timestamptz,
      constraint callback_event_claim_is_delivering check ((claimed_until is not null) = (state = 'delivering'))
    )`.execute(db)
  await sql`create index callback_event_due on callback_event (callback_id, due_at) where state = 'pending'`.execute(
    db,
  )
  await sql`create index callback_event_claimed on callback_event (callback_id) where state = 'delivering'`.execute(
    db,
  )
  await sql`create index callback_event_time on callback_event (callback_id, occurred_at, id)`.execute(
    db,
  )

  await sql`
    create table callback_attempt (
      event_id uuid not null,
      number smallint not null check (number > 0),
      id bigint not null generated always as identity,
      callback_id uuid not null,
      at timestamptz not null,
      latency_ms integer not null,
      status smallint,
      error text,
      primary key (event_id, number)
    )`.execute(db)
  await sql`create index callback_attempt_newest on callback_attempt (callback_id, id)`.execute(db)
}

/**
 * The query is planned each time, with the ids as values: so only their months are searched, and no plan that was made
 * while the tables were empty is kept by a connection.
 */
async function createMessageTrigger(db: Kysely<never>): Promise<void> {
  await sql`
    create function record_callback_events() returns trigger language plpgsql as $$
    begin
      if exists (select from callback where state = 'active') then
        execute $query$
          insert into callback_event (callback_id, type, subject_id, occurred_at)
          select c.id, 'message.' || e.status, m.id, date_trunc('milliseconds', e.at)
          from message m
          join callback c on c.client_id = m.client_id and c.state = 'active'
          join fresh e on e.message_id = m.id
          where m.id = any($1) and 'message.' || e.status = any(c.event_types)
        $query$ using array(select distinct message_id from fresh);
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger message_event_to_callbacks after insert on message_event
    referencing new table as fresh for each statement execute function record_callback_events()`.execute(
    db,
  )
}

/** Opt-outs are the whole company's, but of a number a client hears only if it has written to it. */
async function createPermissionTrigger(db: Kysely<never>): Promise<void> {
  await sql`
    create function record_permission_callbacks() returns trigger language plpgsql as $$
    begin
      if exists (select from callback where state = 'active') then
        execute $query$
          insert into callback_event (callback_id, type, subject_id, occurred_at)
          select c.id, change.type, e.id, date_trunc('milliseconds', e.recorded_at)
          from fresh e
          join (values ('opted-out', 'recipient.opted_out'), ('opt-out-lifted', 'recipient.opted_in')) change(change, type)
            on change.change = e.change
          join callback c on c.state = 'active' and change.type = any(c.event_types)
          where exists (select from message m where m.recipient_hash = e.recipient_hash and m.client_id = c.client_id)
        $query$;
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger permission_event_to_callbacks after insert on permission_event
    referencing new table as fresh for each statement execute function record_permission_callbacks()`.execute(
    db,
  )
}
