import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** The zone whose quiet hours hold for a customer; `undefined` where none was set. */
export async function findCustomerTimeZone(
  db: Db,
  { clientId, customerId }: { clientId: string; customerId: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('customer_setting')
    .select('time_zone')
    .where('client_id', '=', clientId)
    .where('customer_id', '=', customerId)
    .executeTakeFirst()
  return row?.time_zone ?? undefined
}

export async function setCustomerTimeZone(
  db: Db,
  { clientId, customerId }: { clientId: string; customerId: string },
  timeZone: string,
): Promise<void> {
  await db
    .insertInto('customer_setting')
    .values({ client_id: clientId, customer_id: customerId, time_zone: timeZone })
    .onConflict((oc) =>
      oc
        .columns(['client_id', 'customer_id'])
        .doUpdateSet({ time_zone: timeZone, updated_at: sql`now()` }),
    )
    .execute()
}

/** Of several at once; a customer without a zone is left out. */
export async function findCustomerTimeZones(
  db: Db,
  clientId: string,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (customerIds.length === 0) return new Map()
  const { rows } = await sql<{ customer_id: string; time_zone: string }>`
    select customer_id, time_zone from customer_setting
    where client_id = ${clientId} and customer_id = any(${customerIds}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.customer_id, row.time_zone]))
}
