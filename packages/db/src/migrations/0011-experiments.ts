import { type Kysely, sql } from 'kysely'

/**
 * Tests of a template's variants. A message of one says so, which is what its results are counted by; the index holds
 * those messages alone.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table experiment (
      id uuid not null primary key,
      code text not null,
      version integer not null,
      metric text not null check (metric in ('delivered', 'reply', 'no-opt-out')),
      hold_out double precision not null check (hold_out between 0 and 0.5),
      hold_out_gets text not null check (hold_out_gets in ('control', 'nothing')),
      control text not null,
      alpha double precision not null check (alpha > 0 and alpha < 1),
      window_hours integer not null check (window_hours > 0),
      auto_promote boolean not null,
      author text not null,
      started_at timestamptz not null,
      looked_at timestamptz not null,
      winner text,
      decided_at timestamptz,
      ended_at timestamptz,
      end_reason text check (end_reason in ('stopped', 'promoted', 'template-changed', 'template-deleted')),
      foreign key (code, version, control) references template_variant (code, version, variant),
      check ((winner is null) = (decided_at is null)),
      check ((ended_at is null) = (end_reason is null))
    )`.execute(db)
  await sql`create unique index experiment_running on experiment (code) where ended_at is null`.execute(
    db,
  )
  await sql`create index experiment_code on experiment (code, id)`.execute(db)
  await sql`
    alter table message
      add column experiment_id uuid,
      add column held_out boolean not null default false`.execute(db)
  await sql`create index message_experiment on message (experiment_id, id)
    where experiment_id is not null`.execute(db)
}
