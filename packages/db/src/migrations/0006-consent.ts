import { type Kysely, sql } from 'kysely'

/**
 * Opt-outs by page, consents, and the history of both. A hash outlives an erasure and its number does not, so the
 * sealed numbers may be null.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table opt_out
      add column position bigint generated always as identity unique,
      alter column recipient_cipher drop not null`.execute(db)
  await sql`
    create table consent (
      recipient_hash bytea not null check (length(recipient_hash) = 32),
      channel text not null,
      kind text not null check (kind in ('all', 'marketing')),
      granted boolean not null,
      recipient_cipher bytea,
      source text not null,
      wording_version text not null,
      proof_cipher bytea,
      proof_hash bytea,
      actor text,
      at timestamptz not null,
      position bigint generated always as identity unique,
      primary key (recipient_hash, channel, kind)
    )`.execute(db)
  await sql`
    create table permission_event (
      id uuid not null primary key,
      recipient_hash bytea not null check (length(recipient_hash) = 32),
      recipient_cipher bytea,
      channel text not null,
      kind text not null check (kind in ('all', 'marketing')),
      change text not null check (change in ('opted-out', 'opt-out-lifted', 'consent-granted', 'consent-revoked')),
      source text not null,
      reason text,
      wording_version text,
      proof_cipher bytea,
      actor text,
      at timestamptz not null,
      recorded_at timestamptz not null default now()
    )`.execute(db)
  await sql`create index permission_event_recipient on permission_event (recipient_hash, id)`.execute(
    db,
  )
  // What confirms an opt-out passes it. The check keeps the exemption from any other text, whoever writes the row.
  await sql`
    alter table message
      add column exempt_from_opt_out boolean not null default false,
      add constraint message_exempt_confirms check (not exempt_from_opt_out or message_type = 'opt_out_confirmation')`.execute(
    db,
  )
}
