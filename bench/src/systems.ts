import { migrateQueue } from '@sms-gateway/queue/migrate'
import { API_KEY, migrateGateway } from './gateway.ts'
import type { NaiveBackend } from './naive-queue.ts'
import type { OwnProcess } from './processes.ts'
import type { Database, Stores } from './stores.ts'

/** One way from a request to a row: where it takes requests, and where its rows are. */
export interface System {
  name: string
  url: string
  headers: Record<string, string>
  database: Database
  processes: readonly OwnProcess[]
  /** Rows that have got as far as is being measured. */
  count(as: 'sent' | 'delivered'): Promise<number>
  /** Forgets every message and job. */
  reset(): Promise<void>
}

const JSON_HEADERS = { 'content-type': 'application/json' }
/** Everything that grows with the messages; accounts and partitions stay. */
const GATEWAY_TABLES = 'message, message_event, attempt, provider_reference, receipt, idempotency'
const QUEUE_TABLES = 'bullmq.job, bullmq.event'

export async function createGatewayDatabase(stores: Stores, name: string): Promise<Database> {
  const database = await stores.createDatabase(name)
  await migrateGateway(database.url)
  return database
}

export async function createNaiveDatabase(stores: Stores, name: string): Promise<Database> {
  const database = await stores.createDatabase(name)
  await migrateQueue(database.url)
  await database.client.query(`
    create table naive_message (
      id uuid not null primary key,
      phone text not null,
      message text not null,
      message_type text not null,
      status text not null,
      provider_message_id text,
      created_at timestamptz not null default now(),
      sent_at timestamptz
    )`)
  return database
}

export function toGateway(
  stores: Stores,
  name: string,
  given: { url: string; database: Database; processes: readonly OwnProcess[] },
): System {
  const { client } = given.database
  return {
    ...given,
    name,
    url: `${given.url}/api/v1/sms/send`,
    headers: { ...JSON_HEADERS, authorization: `Bearer ${API_KEY}` },
    // A message that is delivered has been sent.
    count: (as) =>
      countRows(
        client,
        as === 'sent'
          ? `select count(*) from message where status in ('sent', 'delivered')`
          : `select count(*) from message where status = 'delivered'`,
      ),
    reset: () => reset(stores, client, GATEWAY_TABLES),
  }
}

export function toNaive(
  stores: Stores,
  name: string,
  given: { url: string; database: Database; processes: readonly OwnProcess[] },
): System {
  const { client } = given.database
  return {
    ...given,
    name,
    headers: JSON_HEADERS,
    count: () => countRows(client, `select count(*) from naive_message where status = 'sent'`),
    reset: () => reset(stores, client, 'naive_message'),
  }
}

export function toNaiveBackend(
  stores: Stores,
  { url }: Database,
  kind: NaiveBackend['kind'],
): NaiveBackend {
  return kind === 'redis' ? { kind, port: Number(new URL(stores.redis.url).port) } : { kind, url }
}

async function countRows(client: Database['client'], query: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(query)
  return Number(rows[0]?.count)
}

/** A checkpoint too, so that none of what the round before wrote is paid for by the next. */
async function reset(stores: Stores, client: Database['client'], tables: string): Promise<void> {
  await client.query(`truncate ${tables}, ${QUEUE_TABLES} cascade`)
  await stores.redis.client.flushall()
  await client.query('checkpoint')
}
