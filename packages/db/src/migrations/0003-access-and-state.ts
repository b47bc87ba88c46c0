import type { Kysely } from 'kysely'
import { sql } from 'kysely'

export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table api_client (
      id uuid not null primary key,
      name text not null unique,
      created_at timestamptz not null default now()
    )`.execute(db)
  await sql`
    create table api_key (
      id uuid not null primary key,
      client_id uuid not null references api_client (id),
      name text not null,
      prefix text not null,
      key_hash bytea not null unique check (length(key_hash) = 32),
      scopes text[] not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz,
      revoked_at timestamptz,
      last_used_at timestamptz
    )`.execute(db)
  await sql`
    create table opt_out (
      recipient_hash bytea not null check (length(recipient_hash) = 32),
      channel text not null,
      kind text not null check (kind in ('all', 'marketing')),
      recipient_cipher bytea not null,
      source text not null,
      reason text,
      created_at timestamptz not null default now(),
      primary key (recipient_hash, channel, kind)
    )`.execute(db)
  await sql`
    create table provider_state (
      provider text not null primary key,
      enabled boolean not null default true,
      balance text,
      balance_currency text,
      balance_at timestamptz,
      updated_at timestamptz not null default now()
    )`.execute(db)
  await sql`
    create table worker (
      id uuid not null primary key,
      name text not null,
      started_at timestamptz not null default now(),
      seen_at timestamptz not null default now()
    )`.execute(db)
}
