import twilio from 'twilio'
import { Agent, request } from 'undici'
import type { Script } from './script.ts'
import { createTimerWheel } from './timer-wheel.ts'
import type { PlannedEvent, TwilioMessage } from './twilio-messages.ts'

export interface ReceiptSenderOptions {
  accountSid: string
  authToken: string
  script: Script
  /** Told, or given up. */
  onDone: (message: TwilioMessage, event: PlannedEvent) => void
}

export interface ReceiptSender {
  schedule: (message: TwilioMessage, event: PlannedEvent) => void
  /** After a restart: who waits for the receipt may have to start, too. */
  resume: (message: TwilioMessage, event: PlannedEvent) => void
  /** Forgets what is planned. */
  clear(): void
  close(): Promise<void>
}

const CONNECTIONS = 64
const CONNECT_TIMEOUT_MS = 5_000
const READ_TIMEOUT_MS = 15_000
/** Tries within it do not count. */
const RESTART_PATIENCE_MS = 60_000

interface Tries {
  left: number
  patientUntil: number
}

/** Signed status callbacks: providers.md, 4.3 and 4.4. */
export function createReceiptSender(options: ReceiptSenderOptions): ReceiptSender {
  const { script } = options
  const wheel = createTimerWheel()
  const agent = new Agent({
    connections: CONNECTIONS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    headersTimeout: READ_TIMEOUT_MS,
    bodyTimeout: READ_TIMEOUT_MS,
  })
  let isClosed = false

  async function post(message: TwilioMessage, event: PlannedEvent, tries: Tries): Promise<void> {
    // A message that was canceled has other events now.
    if (!message.events.includes(event)) return
    const isTaken = await postReceipt(agent, message, event, options)
    if (isClosed) return
    const isPatient = Date.now() < tries.patientUntil
    if (isTaken || (tries.left === 0 && !isPatient)) {
      options.onDone(message, event)
      return
    }
    const next = isPatient ? tries : { ...tries, left: tries.left - 1 }
    wheel.schedule(Date.now() + script.receipts.retryDelayMs, () => void post(message, event, next))
  }

  function schedule(message: TwilioMessage, event: PlannedEvent, patienceMs: number): void {
    if (message.statusCallback === null) return
    if (event.receipts === 0) {
      options.onDone(message, event)
      return
    }
    const left = readRetries(message.statusCallback) ?? script.receipts.retries
    const tries = { left, patientUntil: Date.now() + patienceMs }
    for (let time = 0; time < event.receipts; time++) {
      wheel.schedule(event.receiptAt, () => void post(message, event, tries))
    }
  }

  return {
    schedule: (message, event) => schedule(message, event, 0),
    resume: (message, event) => schedule(message, event, RESTART_PATIENCE_MS),
    clear: () => wheel.clear(),
    async close() {
      isClosed = true
      wheel.clear()
      await agent.destroy()
    },
  }
}

async function postReceipt(
  agent: Agent,
  message: TwilioMessage,
  event: PlannedEvent,
  { accountSid, authToken }: ReceiptSenderOptions,
): Promise<boolean> {
  // The fragment is for Twilio alone: neither called nor signed.
  const url = message.statusCallback?.split('#', 1)[0] ?? ''
  const params = toParams(message, event, accountSid)
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, params),
        'i-twilio-idempotency-token': toToken(message, event),
        'user-agent': 'TwilioProxy/1.1',
      },
      body: new URLSearchParams(params).toString(),
    })
    await body.dump()
    return statusCode >= 200 && statusCode < 300
  } catch {
    // Whatever the reason, the receipt did not arrive.
    return false
  }
}

function toParams(
  message: TwilioMessage,
  { status, errorCode, at }: PlannedEvent,
  accountSid: string,
): Record<string, string> {
  const isFinal = status !== 'sent'
  return {
    ...(errorCode === null ? {} : { ErrorCode: String(errorCode), ErrorMessage: 'simulated' }),
    ApiVersion: '2010-04-01',
    MessageStatus: status,
    ...(isFinal ? { RawDlrDoneDate: toDoneDate(at) } : {}),
    SmsSid: message.sid,
    SmsStatus: status,
    To: message.to,
    ...(message.from === null ? {} : { From: message.from }),
    MessageSid: message.sid,
    AccountSid: accountSid,
    ...(message.messagingServiceSid === null
      ? {}
      : { MessagingServiceSid: message.messagingServiceSid }),
  }
}

/** `YYMMDDhhmm` in the carrier's zone. */
function toDoneDate(at: number): string {
  const taiwan = new Date(at + 8 * 60 * 60_000)
  return taiwan.toISOString().replace(/\D/g, '').slice(2, 12)
}

/** The same for every repeat of one event, after a restart too. */
function toToken({ sid }: TwilioMessage, { status }: PlannedEvent): string {
  const hex = sid.slice(2)
  const kind = { sent: 1, delivered: 2, undelivered: 3, canceled: 4 }[status]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${kind}${hex.slice(16, 18)}-${hex.slice(20)}`
}

function readRetries(url: string): number | undefined {
  const text = new URLSearchParams(url.split('#')[1] ?? '').get('rc')
  return text !== null && /^[0-5]$/.test(text) ? Number(text) : undefined
}
