import { type Kysely, sql } from 'kysely'

/** People at the operators' page. */
export async function up(db: Kysely<never>): Promise<void> {
  // The token itself is with the browser alone. No foreign key: a back-up is restored beside it, and a key that is gone is
  // found by nobody.
  await sql`
    create table session (
      token_hash bytea not null primary key check (length(token_hash) = 32),
      key_id uuid not null,
      created_at timestamptz not null,
      last_seen_at timestamptz not null,
      expires_at timestamptz not null
    )`.execute(db)
  await sql`create index session_key on session (key_id)`.execute(db)
  await sql`create index session_expires on session (expires_at)`.execute(db)
  // Who signs in by OIDC is a key that nobody knows: whatever names a key names them.
  await sql`
    alter table api_key
      add column oidc_issuer text,
      add column oidc_subject text,
      add check ((oidc_issuer is null) = (oidc_subject is null)),
      add constraint api_key_person unique (oidc_issuer, oidc_subject)`.execute(db)
}
