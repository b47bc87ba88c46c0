import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** A key a person (decision 0020): destroying its row makes all that is held about the person unreadable. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table subject_key (
      recipient_hash bytea not null primary key check (length(recipient_hash) = 32),
      key_id bytea not null check (length(key_id) = 8),
      key_cipher bytea not null,
      created_at timestamptz not null default now()
    )`.execute(db)
  await sql`alter table receipt add column recipient_hash bytea check (length(recipient_hash) = 32)`.execute(
    db,
  )
  // Who was erased, by hash alone, and when: a restore of an older back-up does it again.
  await sql`
    create table erasure (
      id uuid not null primary key,
      recipient_hash bytea not null check (length(recipient_hash) = 32),
      key_id bytea check (length(key_id) = 8),
      requested_at timestamptz not null default now(),
      erased_at timestamptz,
      closed_at timestamptz,
      messages integer not null default 0,
      cancelled integer not null default 0,
      inbound integer not null default 0
    )`.execute(db)
  await sql`create index erasure_recipient on erasure (recipient_hash, requested_at)`.execute(db)
  await sql`create index erasure_open on erasure (requested_at) where closed_at is null`.execute(db)
}
