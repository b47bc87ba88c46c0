import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Db } from '@sms-gateway/db/connect'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { createTestDatabase, type TestDatabase } from '@sms-gateway/db/test-support/test-database'
import { createVault } from '@sms-gateway/db/vault'
import { createMessageId, type MessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import { Phone } from '@sms-gateway/domain/phone'
import { type Backend, connectBackend } from '@sms-gateway/queue/backend'
import { type LaneQueues, openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { migrateQueue } from '@sms-gateway/queue/migrate'
import { ringDue } from '../src/ring-due.ts'

const EVENING = new Date('2026-11-22T14:00:00Z')
const MORNING = new Date('2026-11-23T00:00:00Z')
const vault = createVault({
  encryptionKeys: [{ id: 'k1', key: Buffer.alloc(32, 1) }],
  lookupKey: Buffer.alloc(32, 2),
})

let database: TestDatabase
let db: Db
let backend: Backend
let queues: LaneQueues
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.db
  await migrateQueue(database.url)
  backend = connectBackend({ kind: 'postgres', url: database.url })
  queues = openLaneQueues(backend, { onError: () => undefined, limitMs: 60_000 })
})
afterAll(async () => {
  await queues.close()
  await backend.close()
  await database.drop()
})

async function holdOvernight(lane: Lane, count: number): Promise<MessageId[]> {
  const messages = Array.from({ length: count }, (_, index) => ({
    message: {
      id: createMessageId(EVENING),
      clientId: '01890000-0000-7000-8000-000000000000',
      status: 'held' as const,
      notBefore: MORNING,
      error: null,
      holdReason: 'quiet-hours',
      lane,
      channel: 'sms' as const,
      messageType: 'promotion',
      customerId: null,
      campaignId: null,
      batchId: null,
      retryOf: null,
      experiment: null,
      phone: Phone.parse(`+8869${String(index).padStart(8, '0')}`),
      country: 'TW',
      encoding: 'UCS-2' as const,
      segments: 1,
      costMilli: 500,
      templateCode: null,
      templateVersion: null,
      variant: null,
      scheduleAt: null,
      expiresAt: new Date(MORNING.getTime() + 86_400_000),
      warnings: [],
      createdAt: EVENING,
      text: 'x',
      metadata: null,
      mediaUrls: [],
    },
  }))
  await insertMessages(db, vault, messages)
  return messages.map(({ message }) => message.id)
}

const ring = (at: Date) => ringDue({ db, queues, now: () => at })
const countHeld = async (lane: Lane) => {
  const rows = await db
    .selectFrom('message')
    .select('id')
    .where('lane', '=', lane)
    .where('status', '=', 'held')
    .execute()
  return rows.length
}

test('what the night holds stays held until its end, and then goes, with a line in its timeline', async () => {
  const [id = ''] = await holdOvernight('normal', 1)
  expect(await ring(new Date(MORNING.getTime() - 1))).toBe(0)
  expect(await countHeld('normal')).toBe(1)
  expect(await ring(MORNING)).toBe(1)
  expect(await queues.countJobs('normal')).toBe(1)
  const events = await db
    .selectFrom('message_event')
    .select(['status', 'detail'])
    .where('message_id', '=', id)
    .orderBy('id')
    .execute()
  expect(events).toEqual([
    { status: 'accepted', detail: null },
    { status: 'held', detail: 'quiet-hours' },
    { status: 'queued', detail: null },
  ])
})

test('the morning is no stampede: a lane is filled as fast as it is emptied, and urgent never waits for bulk', async () => {
  const night = await holdOvernight('bulk', 8_000)
  await holdOvernight('urgent', 10)
  await ring(MORNING)
  expect(await countHeld('urgent')).toBe(0)
  const stillHeld = await countHeld('bulk')
  expect(stillHeld).toBeGreaterThan(0)
  expect(stillHeld).toBeLessThan(night.length)
  // Nobody takes the jobs: so nothing more is released, however often the clock ticks.
  await ring(new Date(MORNING.getTime() + 1_000))
  await ring(new Date(MORNING.getTime() + 2_000))
  expect(await countHeld('bulk')).toBe(stillHeld)
  expect(await queues.countJobs('bulk')).toBeLessThanOrEqual(60)
})
