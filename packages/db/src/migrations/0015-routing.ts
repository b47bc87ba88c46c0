import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Each plan that changed anything, with what it was made of; the newest is the one in force. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table routing_plan (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      preferred text not null,
      plan jsonb not null,
      scores jsonb not null
    )`.execute(db)
}
