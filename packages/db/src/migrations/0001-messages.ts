import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/**
 * Messages and what happens to them. The three partitioned tables share their partition key, the message's UUIDv7, so
 * a month is dropped whole; for the same reason they have no foreign keys between them (decision 0002).
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table message (
      id uuid not null primary key,
      client_id uuid not null,
      status text not null check (status in ('accepted', 'scheduled', 'held', 'queued', 'sending', 'sent',
        'delivered', 'undelivered', 'failed', 'cancelled', 'expired', 'suppressed', 'unknown')),
      lane text not null check (lane in ('urgent', 'normal', 'bulk')),
      channel text not null,
      message_type text not null,
      customer_id text,
      country text not null,
      recipient_hash bytea not null check (length(recipient_hash) = 32),
      recipient_cipher bytea not null,
      content_cipher bytea not null,
      encoding text not null check (encoding in ('GSM-7', 'UCS-2')),
      segments smallint not null check (segments between 1 and 10),
      cost_milli integer not null check (cost_milli >= 0),
      template_code text,
      template_version integer,
      variant text,
      campaign_id uuid,
      batch_id uuid,
      retry_of uuid,
      schedule_at timestamptz,
      not_before timestamptz,
      hold_reason text,
      expires_at timestamptz not null,
      ring_at timestamptz not null,
      claimed_by uuid,
      claimed_at timestamptz,
      attempt_number smallint not null default 0,
      attempt_open boolean not null default false,
      counted_attempts smallint not null default 0,
      pinned_provider text,
      provider text,
      provider_message_id text,
      in_doubt boolean not null default false,
      possible_duplicate boolean not null default false,
      error_code text,
      error_detail text,
      warnings jsonb not null default '[]',
      created_at timestamptz not null,
      updated_at timestamptz not null,
      sent_at timestamptz,
      delivered_at timestamptz,
      constraint message_claim_is_sending check ((claimed_by is null) or status = 'sending'),
      constraint message_doubt_is_open check (not in_doubt or status = 'sending')
    ) partition by range (id)`.execute(db)
  await sql`create index message_recipient on message (recipient_hash, id)`.execute(db)
  await sql`create index message_to_ring on message (lane, ring_at)
    where status in ('accepted', 'scheduled', 'held', 'queued')`.execute(db)
  await sql`create index message_claimed on message (claimed_by) where status = 'sending'`.execute(
    db,
  )
  await sql`create index message_sent on message (sent_at) where status = 'sent'`.execute(db)

  await sql`create sequence message_event_id`.execute(db)
  await sql`
    create table message_event (
      message_id uuid not null,
      id bigint not null default nextval('message_event_id'),
      status text not null,
      at timestamptz not null,
      provider text,
      provider_message_id text,
      error_code text,
      detail text,
      primary key (message_id, id)
    ) partition by range (message_id)`.execute(db)

  await sql`
    create table attempt (
      message_id uuid not null,
      number smallint not null check (number > 0),
      provider text not null,
      state text not null check (state in ('open', 'accepted', 'partial', 'refused', 'throttled', 'unreachable',
        'unsent', 'in_doubt', 'absent')),
      worker_id uuid not null,
      opened_at timestamptz not null,
      settled_at timestamptz,
      error_code text,
      error_detail text,
      check_at timestamptz,
      checks smallint not null default 0,
      primary key (message_id, number)
    ) partition by range (message_id)`.execute(db)
  await sql`create index attempt_to_check on attempt (check_at) where state = 'in_doubt'`.execute(
    db,
  )

  for (const table of ['message', 'message_event', 'attempt']) {
    await sql`create table ${sql.table(`${table}_default`)} partition of ${sql.table(table)} default`.execute(
      db,
    )
  }
}
