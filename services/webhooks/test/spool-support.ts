import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimMessages } from '@sms-gateway/db/claim-messages'
import type { Db } from '@sms-gateway/db/connect'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { openAttempts } from '@sms-gateway/db/open-attempts'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import { createVault } from '@sms-gateway/db/vault'
import { createMessageId, toAttemptId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import { Phone } from '@sms-gateway/domain/phone'
import { createLogger } from '@sms-gateway/service-kit/logger'
import type { AnswerRules } from '../src/answer-inbound.ts'

export const ENCRYPTION_KEY = Buffer.alloc(32, 1)
export const LOOKUP_KEY = Buffer.alloc(32, 2)
export const vault = createVault({
  encryptionKeys: [{ id: 'k1', key: ENCRYPTION_KEY }],
  lookupKey: LOOKUP_KEY,
})
export const AUTH_TOKEN = 'the-auth-token-of-the-test'
export const WEBHOOK_URL = 'https://sms.example.tw/api/v1'

/** How people are answered: not what these tests are about. */
export const ANSWERS: AnswerRules = {
  ...{ companyName: '幸福氣', allowedCountries: ['TW'], registeredUrls: [], sendingEnabled: true },
  smartEncoding: false,
  duplicateWindowSeconds: 0,
  budgets: [],
  quiet: { window: null, timeZone: 'Asia/Taipei', exemptTypes: [] },
  ...{ primaryProvider: 'twilio', twilioAnswersKeywords: true, answersPerHour: 3 },
}

/** What is logged can be read, for what must not stand in it. */
export function createMemoryLogger() {
  const lines: string[] = []
  const logger = createLogger('test', 'info', { write: (line) => lines.push(line) })
  return { logger, lines, text: () => lines.join('') }
}

export function buildReceipt(changes: Partial<NewReceipt> = {}): NewReceipt {
  const reference = `SM${randomBytes(16).toString('hex')}`
  return {
    provider: 'twilio',
    report: { reference, status: 'delivered' },
    attempt: null,
    recipient: Phone.parse('+886912345678'),
    dedupeBy: `${reference} delivered`,
    body: `MessageSid=${reference}&MessageStatus=delivered&To=%2B886912345678`,
    receivedAt: new Date(),
    ...changes,
  }
}

export function buildReceipts(count: number): NewReceipt[] {
  return Array.from({ length: count }, () => buildReceipt())
}

/** Every file in the folder, by name. */
export function readSpool(dir: string): Record<string, string> {
  const entries = existsSync(dir) ? readdirSync(dir, { withFileTypes: true }) : []
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(dir, name), 'utf8')]))
}

export interface Submitted {
  id: NewMessage['id']
  phone: Phone
  /** The delivery receipt that Twilio sends for it. */
  receipt: TwilioRequest
}

interface TwilioRequest {
  path: string
  headers: Record<string, string>
  body: string
}

/** Messages that are on their way: their attempts are committed, and Twilio has not answered yet. */
export async function submitMessages(db: Db, count: number): Promise<Submitted[]> {
  const now = new Date()
  const messages = Array.from({ length: count }, () => buildMessage(now))
  await insertMessages(
    db,
    vault,
    messages.map((message) => ({ message })),
  )
  const workerId = randomUUID()
  await claimMessages(db, vault, { ids: messages.map(({ id }) => id), workerId, now })
  const opened = await openAttempts(
    db,
    messages.map(({ id }) => ({
      ...{ messageId: id, number: 1, provider: 'twilio' },
      ...{ workerId, openedAt: now },
    })),
  )
  if (opened.includes(false)) throw new Error('an attempt was not opened')
  return messages.map(({ id, phone }) => ({ id, phone, receipt: signReceipt({ id, phone }) }))
}

function signReceipt({ id, phone }: Pick<NewMessage, 'id' | 'phone'>): TwilioRequest {
  const query = `attempt=${toAttemptId({ messageId: id, number: 1 })}`
  const params = {
    AccountSid: `AC${'0'.repeat(32)}`,
    MessageSid: `SM${randomBytes(16).toString('hex')}`,
    MessageStatus: 'delivered',
    To: phone,
  }
  return signForm(`/sms/delivery/twilio?${query}`, params)
}

/** A text that somebody sends, as Twilio tells it. */
export function signText(from: string, body: string): TwilioRequest {
  return signForm('/sms/inbound/twilio', {
    MessageSid: `SM${randomBytes(16).toString('hex')}`,
    From: from,
    Body: body,
  })
}

function signForm(path: string, params: Record<string, string>): TwilioRequest {
  const signed = Object.entries(params)
    .sort()
    .map((pair) => pair.join(''))
    .join('')
  const url = `${WEBHOOK_URL}${path}`
  const signature = createHmac('sha1', AUTH_TOKEN).update(`${url}${signed}`).digest('base64')
  return {
    path: `/api/v1${path}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signature,
      'i-twilio-idempotency-token': randomUUID(),
    },
    body: new URLSearchParams(params).toString(),
  }
}

export interface Answer {
  status: number
  retryAfter: string | null
}

const POST_LIMIT_MS = 30_000

export async function post(baseUrl: string, request: TwilioRequest): Promise<Answer> {
  const signal = AbortSignal.timeout(POST_LIMIT_MS)
  const { path, ...rest } = request
  const response = await fetch(`${baseUrl}${path}`, { method: 'POST', signal, ...rest })
  await response.arrayBuffer()
  return { status: response.status, retryAfter: response.headers.get('retry-after') }
}

export async function countDelivered(db: Db, messages: readonly Submitted[]): Promise<number> {
  const rows = await db
    .selectFrom('message')
    .select('id')
    .where(
      'id',
      'in',
      messages.map(({ id }) => id),
    )
    .where('status', '=', 'delivered')
    .execute()
  return rows.length
}

/** Throws with the last value when it does not come to hold in time. */
export async function waitUntil<T>(
  read: () => Promise<T> | T,
  holds: (value: T) => boolean,
  limitMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)}`)
    await sleep(50)
  }
}

function buildMessage(now: Date): NewMessage {
  return {
    id: createMessageId(now),
    clientId: randomUUID(),
    status: 'queued',
    error: null,
    lane: 'normal',
    channel: 'sms',
    messageType: 'order_confirmation',
    customerId: null,
    phone: Phone.parse(`+8869${randomInt(10_000_000, 99_999_999)}`),
    country: 'TW',
    text: '【幸福氣】您的瓦斯已出貨',
    metadata: null,
    mediaUrls: [],
    encoding: 'UCS-2',
    templateCode: null,
    templateVersion: null,
    variant: null,
    segments: 1,
    costMilli: 500,
    campaignId: null,
    batchId: null,
    retryOf: null,
    experiment: null,
    scheduleAt: null,
    notBefore: null,
    holdReason: null,
    expiresAt: new Date(now.getTime() + 86_400_000),
    warnings: [],
    createdAt: now,
  }
}
