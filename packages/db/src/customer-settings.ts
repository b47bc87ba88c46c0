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
