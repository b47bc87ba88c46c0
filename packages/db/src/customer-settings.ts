import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** Whom a client sends for; `null` where it does not say. */
export interface Customer {
  clientId: string
  customerId: string | null
}

export interface SenderSettings {
  /** The zone whose quiet hours hold for the customer. */
  timeZone: string | null
  /** What the texts bear instead of the company's name: the customer's, else the client's. */
  senderName: string | null
}

const NOTHING_SET: SenderSettings = { timeZone: null, senderName: null }

/** What holds for a message: the customer's own settings before those of its client. */
export async function findSenderSettings(
  db: Db,
  { clientId, customerId }: Customer,
): Promise<SenderSettings> {
  const row = await db
    .selectFrom('api_client')
    .leftJoin('customer_setting', (join) =>
      join
        .onRef('customer_setting.client_id', '=', 'api_client.id')
        .on('customer_setting.customer_id', '=', customerId ?? ''),
    )
    .select((eb) => [
      'customer_setting.time_zone as timeZone',
      eb.fn.coalesce('customer_setting.sender_name', 'api_client.sender_name').as('senderName'),
    ])
    .where('api_client.id', '=', clientId)
    .executeTakeFirst()
  return row ?? NOTHING_SET
}

/** The customer's own settings alone. */
export async function findCustomerSettings(
  db: Db,
  { clientId, customerId }: { clientId: string; customerId: string },
): Promise<SenderSettings> {
  const row = await db
    .selectFrom('customer_setting')
    .select(['time_zone as timeZone', 'sender_name as senderName'])
    .where('client_id', '=', clientId)
    .where('customer_id', '=', customerId)
    .executeTakeFirst()
  return row ?? NOTHING_SET
}

/** What is left out stays as it is. */
export async function setCustomerSettings(
  db: Db,
  { clientId, customerId }: { clientId: string; customerId: string },
  { timeZone, senderName }: { [Name in keyof SenderSettings]?: SenderSettings[Name] | undefined },
): Promise<SenderSettings> {
  const change = {
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(senderName !== undefined && { sender_name: senderName }),
  }
  return db
    .insertInto('customer_setting')
    .values({ client_id: clientId, customer_id: customerId, ...change })
    .onConflict((oc) =>
      oc.columns(['client_id', 'customer_id']).doUpdateSet({ ...change, updated_at: sql`now()` }),
    )
    .returning(['time_zone as timeZone', 'sender_name as senderName'])
    .executeTakeFirstOrThrow()
}

/** The same for many customers of one client, in two queries; `''` is who has no customer. */
export async function findManySenderSettings(
  db: Db,
  clientId: string,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, SenderSettings>> {
  const ofClient = await findSenderSettings(db, { clientId, customerId: null })
  const rows = await db
    .selectFrom('customer_setting')
    .select(['customer_id as customerId', 'time_zone as timeZone', 'sender_name as senderName'])
    .where('client_id', '=', clientId)
    .where('customer_id', 'in', ['', ...customerIds])
    .execute()
  const own = rows.map(
    ({ customerId, timeZone, senderName }) =>
      [customerId, { timeZone, senderName: senderName ?? ofClient.senderName }] as const,
  )
  return new Map<string, SenderSettings>([
    ...['', ...customerIds].map((id) => [id, { ...ofClient, timeZone: null }] as const),
    ...own,
  ])
}
