import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** What the guards remember, each for as long as it counts; pruned by the scheduler. None of it is used while they are off. */
export async function up(db: Kysely<never>): Promise<void> {
  // Which texts went to whom lately: the key is a keyed hash of client, number and text, so it tells nothing by itself.
  await sql`
    create table recent_text (
      key bytea primary key,
      message_id uuid not null,
      until timestamptz not null
    )`.execute(db)
  await sql`create index recent_text_until on recent_text (until)`.execute(db)

  // One row for each message that has taken its turn under a frequency cap.
  await sql`
    create table frequency_turn (
      message_id uuid primary key,
      recipient_hash bytea not null,
      kind text not null check (kind in ('marketing', 'service')),
      at timestamptz not null,
      until timestamptz not null
    )`.execute(db)
  await sql`create index frequency_turn_recipient on frequency_turn (recipient_hash, kind, at)`.execute(
    db,
  )
  await sql`create index frequency_turn_until on frequency_turn (until)`.execute(db)

  // How many one-time passwords were asked for, by the minute: of a number, of a block of numbers, by a client.
  await sql`
    create table otp_minute (
      key bytea not null,
      minute timestamptz not null,
      count integer not null,
      primary key (key, minute)
    )`.execute(db)
  await sql`create index otp_minute_minute on otp_minute (minute)`.execute(db)

  // How many numbers in a row one client has come up to with this one.
  await sql`
    create table otp_run (
      key bytea primary key,
      length integer not null,
      at timestamptz not null
    )`.execute(db)
  await sql`create index otp_run_at on otp_run (at)`.execute(db)
}
