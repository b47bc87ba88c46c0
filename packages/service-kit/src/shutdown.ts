import type { Logger } from './logger.ts'
import { withTimeLimit } from './time-limit.ts'

/** The part of Node's `process` that this needs; tests hand in their own. */
export interface SignalProcess {
  on(event: string, listener: (reason: unknown) => void): unknown
  exit(code: number): unknown
}

export interface ShutdownOptions {
  logger: Logger
  /** The drain may take this long, then the process exits with 1. */
  limitMs: number
  /** Stops taking work, finishes what is in flight, closes the clients. */
  close: () => Promise<void>
  signals?: readonly NodeJS.Signals[]
  process?: SignalProcess
}

/**
 * The first signal starts the one drain there is; more of them change nothing (npm and a terminal send each
 * twice). Exits 0 after the drain, 1 past its limit or when the process is in a state nobody foresaw.
 */
export function closeOnSignal({
  logger,
  limitMs,
  close,
  signals = ['SIGINT', 'SIGTERM'],
  process = globalThis.process,
}: ShutdownOptions): void {
  let closing = false

  const drain = async (signal: string) => {
    if (closing) return
    closing = true
    logger.info({ signal }, 'closing')
    try {
      await withTimeLimit(limitMs, close)
      logger.info({ signal }, 'closed')
      process.exit(0)
    } catch (err) {
      logger.error({ err, signal }, 'not closed')
      process.exit(1)
    }
  }
  for (const signal of signals) process.on(signal, () => void drain(signal))

  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (err) => {
      logger.fatal({ err, event }, 'unknown state')
      process.exit(1)
    })
  }
}
