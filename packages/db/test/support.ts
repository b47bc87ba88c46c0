import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { applyReceipts } from '@sms-gateway/db/apply-receipts'
import { insertCampaign } from '@sms-gateway/db/campaigns'
import { claimMessages } from '@sms-gateway/db/claim-messages'
import type { Db } from '@sms-gateway/db/connect'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { openAttempts } from '@sms-gateway/db/open-attempts'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import { insertReceipts } from '@sms-gateway/db/receipts'
import { settleAttempts } from '@sms-gateway/db/settle-attempts'
import type { AttemptFacts } from '@sms-gateway/db/to-settlement'
import { toSettlement } from '@sms-gateway/db/to-settlement'
import { createVault } from '@sms-gateway/db/vault'
import type { AttemptEnding } from '@sms-gateway/domain/attempt-result'
import type { NextStep } from '@sms-gateway/domain/decide-next'
import type { AttemptKey, CampaignId } from '@sms-gateway/domain/ids'
import { createCampaignId, createMessageId, MessageId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import { Phone } from '@sms-gateway/domain/phone'
import type { DeliveryReport, ProviderName } from '@sms-gateway/domain/provider'

export const vault = createVault({
  encryptionKeys: [{ id: 'k1', key: Buffer.alloc(32, 1) }],
  lookupKey: Buffer.alloc(32, 2),
})

/** The partitions of a test database are those round the day of the run. */
export const NOW = new Date()
export const CLIENT = randomUUID()
export const WORKER = randomUUID()

export function after(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1_000)
}

export function buildMessage(changes: Partial<NewMessage> = {}): NewMessage {
  const createdAt = changes.createdAt ?? NOW
  return {
    id: createMessageId(createdAt),
    clientId: CLIENT,
    status: 'queued',
    error: null,
    lane: 'normal',
    channel: 'sms',
    messageType: 'order_confirmation',
    customerId: null,
    phone: Phone.parse(`+8869${randomInt(10_000_000, 99_999_999)}`),
    country: 'TW',
    text: '【幸福氣】您的瓦斯已出貨',
    templateCode: null,
    templateVersion: null,
    variant: null,
    metadata: null,
    mediaUrls: [],
    encoding: 'UCS-2',
    segments: 1,
    costMilli: 500,
    campaignId: null,
    batchId: null,
    retryOf: null,
    experiment: null,
    scheduleAt: null,
    notBefore: changes.scheduleAt ?? null,
    holdReason: null,
    expiresAt: after(86_400),
    warnings: [],
    createdAt,
    ...changes,
  }
}

export async function storeMessage(db: Db, changes: Partial<NewMessage> = {}): Promise<NewMessage> {
  const message = buildMessage(changes)
  await insertMessages(db, vault, [{ message }])
  return message
}

export async function storeMessages(db: Db, count: number): Promise<NewMessage[]> {
  const messages = Array.from({ length: count }, () => buildMessage())
  await insertMessages(
    db,
    vault,
    messages.map((message) => ({ message })),
  )
  return messages
}

/** One that runs, with nobody in it yet. */
export async function startCampaign(db: Db): Promise<CampaignId> {
  const id = createCampaignId(NOW)
  await insertCampaign(db, vault, {
    id,
    clientId: CLIENT,
    name: 'x',
    content: { kind: 'text', text: 'x' },
    messageType: 'notice',
    lane: 'bulk',
    customerId: null,
    window: null,
    timeZone: 'Asia/Taipei',
    scheduleAt: null,
    cron: null,
    missedAfterSeconds: 0,
    thresholds: { failureRate: null, optOutRate: null, minResults: 50 },
    createdAt: NOW,
  })
  await sql`update campaign set status = 'running', run = 1, started_at = ${NOW}, loaded_at = ${NOW} where id = ${id}`.execute(
    db,
  )
  return id
}

export function claim(
  db: Db,
  ids: readonly MessageId[],
  { workerId = WORKER, now = NOW }: { workerId?: string; now?: Date } = {},
) {
  return claimMessages(db, vault, { ids, workerId, now })
}

export interface Submitted extends AttemptKey {
  provider: ProviderName
  message: NewMessage
}

/** A message whose first attempt is committed and open. */
export async function submitMessage(
  db: Db,
  {
    provider = 'twilio',
    workerId = WORKER,
    ...changes
  }: Partial<NewMessage> & { provider?: ProviderName; workerId?: string } = {},
): Promise<Submitted> {
  const message = await storeMessage(db, changes)
  await claim(db, [message.id], { workerId })
  return openAttempt(db, message, 1, { provider, workerId })
}

/** Throws where it may not be opened. */
export async function openAttempt(
  db: Db,
  message: NewMessage,
  number: number,
  { provider = 'twilio', workerId = WORKER }: { provider?: ProviderName; workerId?: string } = {},
): Promise<Submitted> {
  const key = { messageId: message.id, number }
  const [opened] = await openAttempts(db, [{ ...key, provider, workerId, openedAt: NOW }])
  if (!opened) throw new Error('the attempt was not opened')
  return { ...key, provider, message }
}

export function settlementOf(
  { messageId, number, provider }: Omit<Submitted, 'message'>,
  result: AttemptEnding,
  step: NextStep,
  facts: Partial<AttemptFacts> = {},
) {
  const attempt = { messageId, number }
  const usual = { parts: 1, polled: false, wasInDoubt: false, at: after(1) }
  return toSettlement({ attempt, provider, ...usual, ...facts }, result, step)
}

export async function settle(...facts: [db: Db, ...Parameters<typeof settlementOf>]) {
  const [db, ...settlement] = facts
  const [moved] = await settleAttempts(db, [settlementOf(...settlement)])
  return moved
}

export function accepted(reference: string, part = 1): AttemptEnding {
  return { kind: 'accepted', taken: [{ part, reference }] }
}

export const IN_DOUBT: AttemptEnding = {
  kind: 'in_doubt',
  taken: [],
  code: 'timeout',
  detail: 'no answer in time',
}
export const DOUBT_ERROR = { code: 'timeout', detail: 'no answer in time' }

export function parkUntil(until: Date, possibleDuplicate = false): NextStep {
  return { kind: 'park', until, reason: 'parked by a test', possibleDuplicate }
}

/** A message that its provider has taken, under this reference. */
export async function sendMessage(
  db: Db,
  changes: Parameters<typeof submitMessage>[1] & { reference?: string } = {},
) {
  const { reference = createReference(), ...message } = changes
  const submitted = await submitMessage(db, message)
  await settle(db, submitted, accepted(reference), { kind: 'sent' })
  return { ...submitted, reference }
}

export function createReference(): string {
  return `SM${randomUUID().replaceAll('-', '')}`
}

export function buildReceipt(
  report: DeliveryReport,
  changes: Partial<NewReceipt> = {},
): NewReceipt {
  return {
    provider: 'twilio',
    report,
    attempt: null,
    recipient: null,
    dedupeBy: randomUUID(),
    body: `MessageSid=${report.reference}&MessageStatus=${report.status}`,
    receivedAt: after(2),
    ...changes,
  }
}

/** Keeps them, and applies those that are new, in one transaction. */
export async function receive(db: Db, ...receipts: NewReceipt[]) {
  return applyReceipts(db, vault, await insertReceipts(db, vault, receipts), after(3))
}

export function readMessage(db: Db, id: string) {
  return db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

export function readAttempt(db: Db, { messageId, number }: AttemptKey) {
  return db
    .selectFrom('attempt')
    .selectAll()
    .where('message_id', '=', messageId)
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
}

export function readReferences(db: Db, messageId: string) {
  return db
    .selectFrom('provider_reference')
    .selectAll()
    .where('message_id', '=', messageId)
    .orderBy('reference')
    .execute()
}

export async function readTimeline(db: Db, messageId: string): Promise<string[]> {
  const events = await db
    .selectFrom('message_event')
    .select('status')
    .where('message_id', '=', messageId)
    .orderBy('id')
    .execute()
  return events.map(({ status }) => status)
}

/** For tests of what looks at every row. */
export async function emptyTables(db: Db): Promise<void> {
  await sql`truncate message, message_event, attempt, provider_reference, receipt, idempotency, opt_out, worker,
    subject_key, erasure`.execute(db)
}

export function idsOf(messages: readonly { id: string }[]): MessageId[] {
  return messages.map(({ id }) => MessageId.parse(id)).sort()
}

/** How often each of them occurs. */
export function countEach(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/** For what happens by itself: fails when it has not happened in time. */
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
