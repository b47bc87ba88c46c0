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
}
