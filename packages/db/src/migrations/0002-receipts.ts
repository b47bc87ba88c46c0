import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** What must be unique without a month in its key lives in tables of its own, pruned by age. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table provider_reference (
      provider text not null,
      reference text not null,
      message_id uuid not null,
      attempt_number smallint not null,
      part smallint not null check (part between 1 and parts),
      parts smallint not null,
      delivery_status text not null check (delivery_status in ('accepted', 'sent', 'undelivered', 'delivered')),
      created_at timestamptz not null,
      poll_at timestamptz,
      polls smallint not null default 0,
      primary key (provider, reference)
    )`.execute(db)
  await sql`create index provider_reference_message on provider_reference (message_id)`.execute(db)
  await sql`create index provider_reference_to_poll on provider_reference (poll_at)
    where poll_at is not null`.execute(db)

  await sql`
    create table receipt (
      dedupe_key bytea not null primary key,
      provider text not null,
      reference text not null,
      message_id uuid,
      attempt_number smallint,
      state text not null check (state in ('new', 'parked', 'applied')),
      status text not null check (status in ('accepted', 'sent', 'undelivered', 'delivered')),
      error_code text,
      detail text,
      opted_out boolean not null default false,
      occurred_at timestamptz,
      received_at timestamptz not null,
      applied_at timestamptz,
      body_cipher bytea not null
    )`.execute(db)
  await sql`create index receipt_waiting on receipt (received_at) where state <> 'applied'`.execute(
    db,
  )
  await sql`create index receipt_reference on receipt (provider, reference)`.execute(db)

  await sql`
    create table idempotency (
      client_id uuid not null,
      path text not null,
      key text not null,
      fingerprint bytea not null,
      message_id uuid not null,
      status smallint not null,
      response_cipher bytea not null,
      created_at timestamptz not null,
      primary key (client_id, path, key)
    )`.execute(db)
  await sql`create index idempotency_age on idempotency (created_at)`.execute(db)
}
