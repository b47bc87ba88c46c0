import { insertMessages } from '@sms-gateway/db/insert-messages'
import type { AcceptedMessage } from '@sms-gateway/db/seal-messages'
import { createMessageId } from '@sms-gateway/domain/ids'
import { Phone } from '@sms-gateway/domain/phone'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import type { Admin } from './support.ts'

export type NewMessage = AcceptedMessage['message']

export type StoreArguments = [
  changes?: Partial<NewMessage> & { client?: string },
  columns?: Record<string, unknown>,
]

/** As ingest-api stores it; `columns` is what becomes of it later. */
export async function storeMessage(
  admin: Admin,
  ...[changes = {}, columns = {}]: StoreArguments
): Promise<string> {
  const { client = 'tests', ...rest } = changes
  const message = build(await clientIdOf(admin, client), rest)
  await insertMessages(admin.db, admin.vault, [{ message }])
  const given = Object.entries(columns)
  if (given.length === 0) return message.id
  const set = given.map(([column], index) => `${column} = $${index + 2}`).join(', ')
  const values = given.map(([, value]) => value)
  await admin.stores.query(`update message set ${set} where id = $1`, [message.id, ...values])
  if (columns['provider'] !== undefined) await storeAttempt(admin, message, columns['provider'])
  return message.id
}

/** No message has a provider without one. */
async function storeAttempt(admin: Admin, { id, createdAt }: NewMessage, provider: unknown) {
  await admin.stores.query(
    `insert into attempt (message_id, number, provider, state, worker_id, opened_at)
     values ($1, 1, $2, 'accepted', gen_random_uuid(), $3)`,
    [id, provider, createdAt],
  )
}

async function clientIdOf(admin: Admin, name: string): Promise<string> {
  const [client] = await admin.stores.query<{ id: string }>(
    'select id from api_client where name = $1',
    [name],
  )
  return client?.id ?? ''
}

function build(clientId: string, changes: Partial<NewMessage>): NewMessage {
  const { createdAt = new Date() } = changes
  return {
    id: createMessageId(createdAt),
    clientId,
    status: 'queued',
    notBefore: null,
    holdReason: null,
    lane: 'normal',
    channel: 'sms',
    messageType: 'order_confirmation',
    customerId: null,
    phone: Phone.parse(newPhone().e164),
    country: 'TW',
    text: '【幸福氣】您的瓦斯已出貨',
    metadata: null,
    mediaUrls: [],
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
    error: null,
    createdAt,
    ...changes,
  }
}

/** Many at once: the order of those of one millisecond is that of their ids. */
export async function storeMessages(
  admin: Admin,
  count: number,
  changes: Partial<NewMessage>,
): Promise<string[]> {
  const clientId = await clientIdOf(admin, 'tests')
  const messages = Array.from({ length: count }, () => build(clientId, changes))
  await insertMessages(
    admin.db,
    admin.vault,
    messages.map((message) => ({ message })),
  )
  return messages.map(({ id }) => id).toSorted()
}
