import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { OnAbort } from './abort-listeners.ts'

/** What one HTTP exchange amounted to. The line between `unreachable` and `lost` is the first written byte. */
export type Exchange =
  | { kind: 'answered'; status: number; headers: IncomingHttpHeaders; body: Buffer }
  /** DNS, connect or TLS failed: nothing was written. */
  | { kind: 'unreachable'; code: string }
  /** Given up before anything was written: too late, called off, or this transport was closed. */
  | { kind: 'unsent' }
  /** Written, and no whole answer came back. */
  | { kind: 'lost'; code: string }

export interface ExchangeLimits {
  /** `performance.now()` up to which the first byte may leave. */
  sendBy?: number
  signal: AbortSignal
  /** For the whole exchange, waiting for a connection included. */
  timeoutMs: number
}

interface PendingExchangeOptions extends ExchangeLimits {
  maxBytes: number
  onAbort: OnAbort
  /** Whether the provider holds any connection with us at the moment. */
  isConnected: () => boolean
  settle: (exchange: Exchange) => void
}

/** Waited so long without a single connection, an exchange has not been slow to start: the provider is away. */
const CONNECT_PATIENCE_MS = 500

/** The timer of an exchange may fire this late before we say that the process itself stood still. */
const TIMER_SLACK_MS = 500

const CLOSED_BY_US = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED'])

/**
 * Follows one request through undici. `onRequestStart` is called in the same tick as the write, so what is decided
 * there cannot be overtaken by a process that is stopped between the decision and the bytes.
 */
export class PendingExchange implements Dispatcher.DispatchHandler {
  #state: 'waiting' | 'written' | 'settled' = 'waiting'
  #controller: Dispatcher.DispatchController | undefined
  #timer: NodeJS.Timeout | undefined
  #status = 0
  #headers: IncomingHttpHeaders = {}
  #chunks: Buffer[] = []
  #bytes = 0
  readonly #startedAt = performance.now()
  readonly #stopListening: () => void
  readonly #deadline: number
  readonly #sendBy: number
  readonly #options: PendingExchangeOptions

  constructor(options: PendingExchangeOptions) {
    this.#options = options
    this.#deadline = this.#startedAt + options.timeoutMs
    this.#sendBy = options.sendBy ?? Number.POSITIVE_INFINITY
    this.#stopListening = options.onAbort(options.signal, () => this.#giveUp('ABORTED'))
    this.#arm(Math.min(this.#sendBy, this.#deadline))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#state === 'written') {
      // undici would write it a second time.
      this.#settle({ kind: 'lost', code: 'WRITTEN_TWICE' })
    } else if (performance.now() > this.#sendBy) {
      this.#settle({ kind: 'unsent' })
    }
    // A throw drops this request alone; `controller.abort` would close a connection that others wait for.
    if (this.#state === 'settled') throw new Error('the request was given up before it was written')
    this.#state = 'written'
    this.#controller = controller
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes <= this.#options.maxBytes) {
      this.#chunks.push(chunk)
      return
    }
    this.#settle({ kind: 'lost', code: 'ANSWER_TOO_LARGE' })
    controller.abort(new Error('the answer is too large'))
  }

  onResponseEnd(): void {
    const [first = Buffer.alloc(0), ...rest] = this.#chunks
    const body = rest.length === 0 ? first : Buffer.concat(this.#chunks)
    this.#settle({ kind: 'answered', status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_: unknown, error: Error): void {
    const code = codeOf(error)
    if (this.#state === 'written') this.#settle({ kind: 'lost', code })
    else if (CLOSED_BY_US.has(code)) this.#settle({ kind: 'unsent' })
    else this.#settle({ kind: 'unreachable', code })
  }

  readonly #onTimer = (): void => {
    const now = performance.now()
    if (this.#state === 'waiting' && now >= this.#sendBy) this.#giveUp('CONNECT_TIMEOUT')
    // An answer that came while this process stood still lies in the socket: the poll phase goes first.
    else if (now >= this.#deadline) setImmediate(() => this.#giveUp('TIMEOUT'))
    else this.#arm(this.#state === 'waiting' ? this.#nextLimit() : this.#deadline)
  }

  #nextLimit(): number {
    return Math.min(this.#sendBy, this.#deadline)
  }

  #giveUp(code: string): void {
    if (this.#state === 'written') {
      this.#settle({ kind: 'lost', code })
      this.#controller?.abort(new Error('gave up waiting for the answer'))
    } else if (code !== 'ABORTED' && this.#isProviderAway()) {
      this.#settle({ kind: 'unreachable', code: 'CONNECT_TIMEOUT' })
    } else {
      this.#settle({ kind: 'unsent' })
    }
  }

  #isProviderAway(): boolean {
    const now = performance.now()
    const isOnTime = now - this.#nextLimit() < TIMER_SLACK_MS
    return isOnTime && now - this.#startedAt >= CONNECT_PATIENCE_MS && !this.#options.isConnected()
  }

  #arm(at: number): void {
    this.#timer = setTimeout(this.#onTimer, Math.max(1, Math.ceil(at - performance.now())))
  }

  #settle(exchange: Exchange): void {
    if (this.#state === 'settled') return
    this.#state = 'settled'
    clearTimeout(this.#timer)
    this.#stopListening()
    this.#options.settle(exchange)
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
