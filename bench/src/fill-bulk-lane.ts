import { connectDatabase } from '@sms-gateway/db/connect'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { createVault, type Vault } from '@sms-gateway/db/vault'
import { createMessageId, type MessageId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import { Phone } from '@sms-gateway/domain/phone'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { VAULT_KEYS } from './gateway.ts'
import type { Stores } from './stores.ts'
import type { System } from './systems.ts'

const BATCH_SIZE = 1_000

/** Rows first, then all their jobs at once. */
export async function fillBulkLane(stores: Stores, system: System, count: number): Promise<void> {
  const db = connectDatabase({ url: system.database.url, poolSize: 2, name: 'bench' })
  const backend = connectBackend({ kind: 'redis', url: stores.redis.url })
  const queues = openLaneQueues(backend, { onError: () => undefined })
  const vault = createVault(VAULT_KEYS)
  try {
    const ids: MessageId[] = []
    for (let start = 0; start < count; start += BATCH_SIZE) {
      ids.push(...(await insertBatch(db, vault, start)))
    }
    for (let start = 0; start < ids.length; start += 10 * BATCH_SIZE) {
      await queues.requestDispatch('bulk', ids.slice(start, start + 10 * BATCH_SIZE))
    }
  } finally {
    await queues.close()
    await backend.close()
    await db.destroy()
  }
}

async function insertBatch(
  db: ReturnType<typeof connectDatabase>,
  vault: Vault,
  start: number,
): Promise<MessageId[]> {
  const now = new Date()
  const messages = Array.from({ length: BATCH_SIZE }, (_, index) =>
    buildBulk(now, String(start + index).padStart(8, '0')),
  )
  await insertMessages(
    db,
    vault,
    messages.map((message) => ({ message })),
  )
  return messages.map(({ id }) => id)
}

function buildBulk(createdAt: Date, serial: string): NewMessage {
  return {
    id: createMessageId(createdAt),
    clientId: '01890000-0000-7000-8000-000000000000',
    status: 'queued',
    error: null,
    notBefore: null,
    holdReason: null,
    lane: 'bulk',
    channel: 'sms',
    messageType: 'promotion',
    customerId: null,
    phone: Phone.parse(`+8869${serial}`),
    country: 'TW',
    encoding: 'UCS-2',
    segments: 1,
    costMilli: 500,
    templateCode: null,
    templateVersion: null,
    variant: null,
    campaignId: null,
    batchId: null,
    retryOf: null,
    experiment: null,
    scheduleAt: null,
    expiresAt: new Date(createdAt.getTime() + 86_400_000),
    warnings: [],
    createdAt,
    text: `bulk ${serial}`,
    metadata: null,
    mediaUrls: [],
  }
}
