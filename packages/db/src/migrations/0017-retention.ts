import { type Kysely, sql } from 'kysely'

/** What dropping old months needs, and whether the gateway stands still after a restore. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index receipt_age on receipt (received_at)`.execute(db)
  await sql`alter table subject_key add column retired_at timestamptz`.execute(db)
  await sql`create index subject_key_retired on subject_key (retired_at) where retired_at is not null`.execute(
    db,
  )
  await sql`
    create table gateway_state (
      one boolean not null primary key default true check (one),
      state text not null check (state in ('running', 'paused')),
      reason text not null,
      restored_to timestamptz,
      changed_at timestamptz not null default now()
    )`.execute(db)
}
