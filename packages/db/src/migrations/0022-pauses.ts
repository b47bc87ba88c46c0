import { type Kysely, sql } from 'kysely'

/**
 * When the gateway stood still the last time, and who did it: what expired meanwhile says so. And a time of sending for
 * what operators have said was sent: without one it never came to its end, and kept its month.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table gateway_state
      add column paused_at timestamptz,
      add column resumed_at timestamptz,
      add column actor text`.execute(db)
  await sql`
    update gateway_state set paused_at = case when state = 'paused' then changed_at end,
      resumed_at = case when state = 'running' then changed_at end`.execute(db)
  await sql`update message set sent_at = updated_at where status = 'sent' and sent_at is null`.execute(
    db,
  )
}
