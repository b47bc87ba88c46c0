import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Of messages that belong to nobody's conversation: the confirmation to a number that we never wrote to. */
const GATEWAY_CLIENT = '00000000-0000-7000-8000-000000000001'

/** What people send us. Few rows beside `message`, so one table with its own unique key. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table inbound (
      id uuid not null primary key,
      dedupe_key bytea not null unique check (length(dedupe_key) = 32),
      provider text not null,
      reference text not null,
      sender_hash bytea not null check (length(sender_hash) = 32),
      sender_cipher bytea not null,
      content_cipher bytea not null,
      state text not null check (state in ('new', 'applied')),
      keyword text check (keyword in ('stop', 'start', 'help')),
      client_id uuid,
      customer_id text,
      message_id uuid,
      answer_id uuid,
      received_at timestamptz not null,
      apply_at timestamptz not null,
      applied_at timestamptz
    )`.execute(db)
  await sql`create index inbound_waiting on inbound (apply_at) where state = 'new'`.execute(db)
  await sql`create index inbound_sender on inbound (sender_hash, id)`.execute(db)
  await sql`create index inbound_client on inbound (client_id, id)`.execute(db)
  await sql`
    create table keyword_answer (
      client_id uuid not null references api_client (id),
      word text not null,
      content text not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (client_id, word)
    )`.execute(db)
  await sql`alter table message add column in_reply_to uuid`.execute(db)
  await sql`insert into api_client (id, name) values (${GATEWAY_CLIENT}, 'gateway')`.execute(db)
}
