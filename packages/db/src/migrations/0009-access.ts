import { type Kysely, sql } from 'kysely'

/** Who may do what and as whom, and the record of what was done. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table audit (
      seq bigint not null primary key,
      at timestamptz not null,
      client_id uuid,
      key_id uuid,
      action text not null,
      subject_kind text,
      subject text,
      request_id text,
      outcome text not null,
      hash bytea not null check (length(hash) = 32)
    )`.execute(db)
  await sql`create index audit_subject on audit (subject, seq) where subject is not null`.execute(
    db,
  )
  await sql`create index audit_client on audit (client_id, seq)`.execute(db)
  await sql`create index audit_at on audit using brin (at)`.execute(db)
  // Where the chain ends, and where it begins once old rows are dropped. Each is signed: see audit-chain.ts.
  await sql`
    create table audit_mark (
      kind text not null primary key check (kind in ('head', 'start')),
      seq bigint not null,
      hash bytea not null,
      mac bytea not null,
      at timestamptz not null
    )`.execute(db)
  await sql`
    alter table api_client
      add column sender_name text`.execute(db)
  await sql`
    alter table api_key
      add column allowed_addresses text[] not null default '{}',
      add column rate_per_minute integer check (rate_per_minute > 0),
      add column rotated_from uuid`.execute(db)
  await sql`create index api_key_client on api_key (client_id)`.execute(db)
  await sql`
    alter table customer_setting
      alter column time_zone drop not null,
      add column sender_name text`.execute(db)
  // Not logged: after a crash of PostgreSQL the windows begin anew, and nothing is written twice for each request.
  await sql`
    create unlogged table api_key_window (
      key_id uuid not null primary key,
      ends_at timestamptz not null,
      used integer not null
    )`.execute(db)
}
