import { type Kysely, sql } from 'kysely'

/**
 * A campaign, and its ledger: one row a person. A row is done in a run when its `done_run` is the run's number, so that
 * a recurring campaign begins its next run without a write to any of them.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table campaign (
      id uuid primary key,
      client_id uuid not null,
      name text not null,
      status text not null check (status in ('draft', 'scheduled', 'running', 'paused', 'halted', 'cancelled', 'finished')),
      reason_code text,
      reason_detail text,
      message_type text not null,
      lane text not null check (lane in ('urgent', 'normal', 'bulk')),
      template_code text,
      template_version integer,
      content_cipher bytea,
      customer_id text,
      deliver_from smallint check (deliver_from between 0 and 1439),
      deliver_to smallint check (deliver_to between 0 and 1439),
      time_zone text not null,
      schedule_at timestamptz,
      cron text,
      next_run_at timestamptz,
      missed_after_seconds integer not null check (missed_after_seconds >= 0),
      canary jsonb,
      thresholds jsonb not null,
      recipients integer not null default 0,
      rejects integer not null default 0,
      duplicates integer not null default 0,
      segments bigint not null default 0,
      run integer not null default 0,
      handed integer not null default 0,
      suppressed integer not null default 0,
      refused integer not null default 0,
      run_floor uuid,
      canary_open boolean not null default false,
      canary_handed_at timestamptz,
      judged_from jsonb,
      pace jsonb,
      started_at timestamptz,
      stopped_at timestamptz,
      finished_at timestamptz,
      stepped_at timestamptz not null default now(),
      judge_at timestamptz not null default now(),
      loaded_at timestamptz,
      touched_at timestamptz not null default now(),
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint campaign_has_one_text check ((template_code is null) <> (content_cipher is null)),
      constraint campaign_window_is_whole check ((deliver_from is null) = (deliver_to is null)),
      constraint campaign_done_is_within check (handed + suppressed + refused <= recipients)
    )`.execute(db)
  await sql`create index campaign_client on campaign (client_id, id) where loaded_at is not null`.execute(
    db,
  )
  await sql`create index campaign_running on campaign (stepped_at) where status = 'running'`.execute(
    db,
  )
  await sql`create index campaign_due on campaign (next_run_at) where status = 'scheduled'`.execute(
    db,
  )
  await sql`create index campaign_loading on campaign (touched_at) where loaded_at is null`.execute(
    db,
  )

  // Without a reference to campaign: it would cost a look-up a row, and a row goes with its campaign alone.
  await sql`
    create table campaign_recipient (
      campaign_id uuid not null,
      row_number integer not null,
      recipient_hash bytea not null check (length(recipient_hash) = 32),
      sealed bytea not null,
      customer_id text,
      segments smallint not null,
      done_run integer not null default 0,
      due_at timestamptz not null default '-infinity',
      state text not null default 'pending' check (state in ('pending', 'handed', 'suppressed', 'rejected')),
      reason text,
      message_id uuid,
      primary key (campaign_id, recipient_hash),
      constraint campaign_recipient_handed_has_message check ((state = 'handed') = (message_id is not null))
    )`.execute(db)
  await sql`create index campaign_recipient_next on campaign_recipient (campaign_id, done_run, due_at, row_number)`.execute(
    db,
  )
  // For an erasure: one person's rows of all campaigns.
  await sql`create index campaign_recipient_person on campaign_recipient (recipient_hash)`.execute(
    db,
  )

  await sql`
    create table campaign_reject (
      campaign_id uuid not null,
      row_number integer not null,
      code text not null,
      detail text not null,
      primary key (campaign_id, row_number)
    )`.execute(db)

  await sql`
    create table campaign_upload (
      campaign_id uuid not null,
      part integer not null,
      sealed bytea not null,
      stored_at timestamptz not null default now(),
      primary key (campaign_id, part)
    )`.execute(db)
  // The bytes are sealed, so they do not become smaller.
  await sql`alter table campaign_upload alter column sealed set storage external`.execute(db)

  await sql`
    create table campaign_run (
      campaign_id uuid not null,
      run integer not null,
      outcome text not null check (outcome in ('finished', 'missed')),
      due_at timestamptz,
      started_at timestamptz,
      ended_at timestamptz not null,
      handed integer not null,
      suppressed integer not null,
      refused integer not null,
      id bigint generated always as identity primary key
    )`.execute(db)
  await sql`create index campaign_run_campaign on campaign_run (campaign_id, id)`.execute(db)

  await sql`create index message_campaign on message (campaign_id, status, id) where campaign_id is not null`.execute(
    db,
  )
}
