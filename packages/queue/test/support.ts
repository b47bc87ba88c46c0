import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresServer } from '@sms-gateway/db/test-support/admin'
import { hasPostgres14 } from '@sms-gateway/db/test-support/postgres-14'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import type { MessageId } from '@sms-gateway/domain/ids'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { Backend, BackendConfig } from '@sms-gateway/queue/backend'
import { migrateQueue } from '@sms-gateway/queue/migrate'

export interface TestStore {
  config: BackendConfig
  drop(): Promise<void>
}

interface StoreKind {
  name: string
  available: boolean
  create(): Promise<TestStore>
}

const REDIS_URL = process.env['TEST_REDIS_URL']

/** Every store that BullMQ may keep our jobs in; each test file has its own corner of it. */
export const STORES: readonly StoreKind[] = [
  { name: 'Redis', available: REDIS_URL !== undefined, create: createRedisStore },
  { name: 'PostgreSQL', available: true, create: () => createPostgresStore('newest') },
  { name: 'PostgreSQL 14', available: hasPostgres14(), create: () => createPostgresStore('14') },
]

async function createRedisStore(): Promise<TestStore> {
  const config = { kind: 'redis', url: REDIS_URL ?? '', prefix: `test-${randomUUID()}` } as const
  return { config, drop: () => Promise.resolve() }
}

async function createPostgresStore(server: PostgresServer): Promise<TestStore> {
  const testDb = await createTestDatabase({ server, migrated: false })
  await migrateQueue(testDb.url)
  return { config: { kind: 'postgres', url: testDb.url }, drop: () => testDb.drop() }
}

export function createIds(count: number): MessageId[] {
  return Array.from({ length: count }, () => createMessageId(new Date()))
}

/** Fails when it has not happened in time. */
export async function until(
  happened: () => boolean | Promise<boolean>,
  limitMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await happened())) {
    if (performance.now() > deadline) throw new Error('it did not happen in time')
    await sleep(20)
  }
}

export async function answers(backend: Backend): Promise<boolean> {
  return backend.ping().then(
    () => true,
    () => false,
  )
}
