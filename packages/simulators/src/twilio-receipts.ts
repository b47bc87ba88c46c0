import { Agent } from 'undici'
import { postReceipt, type ReceiptSigner } from './post-receipt.ts'
import type { Script } from './script.ts'
import { createTimerWheel } from './timer-wheel.ts'
import type { PlannedEvent, TwilioMessage } from './twilio-messages.ts'

export interface ReceiptSenderOptions extends ReceiptSigner {
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
const HOLD_CHECK_MS = 20
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
    if (script.receipts.held) {
      wheel.schedule(Date.now() + HOLD_CHECK_MS, () => void post(message, event, tries))
      return
    }
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

function readRetries(url: string): number | undefined {
  const text = new URLSearchParams(url.split('#')[1] ?? '').get('rc')
  return text !== null && /^[0-5]$/.test(text) ? Number(text) : undefined
}
