import { type Kysely, sql } from 'kysely'

/**
 * What `GET /logs` may be narrowed by, newest first. Each update of a message that moves its status writes all of its
 * indexes anew, so they are few: a provider is found by its attempts, which are written twice, and what most messages
 * have in common (`delivered`) needs none.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index message_of_client on message (client_id, id)`.execute(db)
  await sql`create index message_of_type on message (message_type, id)`.execute(db)
  for (const column of ['customer_id', 'template_code', 'campaign_id', 'batch_id']) {
    const name = sql.ref(`message_of_${column.replace(/_.*/, '')}`)
    await sql`create index ${name} on message (${sql.ref(column)}, id)
      where ${sql.ref(column)} is not null`.execute(db)
  }
  await sql`create index message_of_status on message (status, id) where status in ('accepted', 'scheduled', 'held',
    'undelivered', 'failed', 'cancelled', 'expired', 'suppressed', 'unknown')`.execute(db)
  await sql`create index message_in_doubt on message (id) where in_doubt`.execute(db)
  await sql`create index attempt_of_provider on attempt (provider, message_id)`.execute(db)
}
