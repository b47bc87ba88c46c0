import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/**
 * Which message goes in the stead of another: a table of its own, because a unique key of the partitioned one would
 * have to hold the new message's id. It is what makes a second click harmless.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table message_retry (
      message_id uuid not null primary key,
      retry_id uuid not null,
      created_at timestamptz not null
    )`.execute(db)
  await sql`create index message_failed on message (id) where status = 'failed'`.execute(db)
}
