import pRetry from 'p-retry'
import { isOutage } from '@sms-gateway/db/readiness'

const FIRST_WAIT_MS = 100
const MAX_WAIT_MS = 2_000

/** Repeats a write while the database is away, until it is stored or the process gives up (the signal). */
export async function untilStored<T>(write: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return pRetry(write, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: FIRST_WAIT_MS,
    maxTimeout: MAX_WAIT_MS,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => isOutage(error),
  })
}
