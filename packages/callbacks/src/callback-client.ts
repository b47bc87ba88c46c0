import { Agent, request } from 'undici'
import type { CallbackOutcome } from '@sms-gateway/domain/callback-delivery'
import { readRetryAfter } from '@sms-gateway/domain/retry-after'
import type { AllowedHosts } from './allowed-hosts.ts'
import { checkCallbackUrl } from './check-callback-url.ts'
import { createGuardedConnector, type Resolve } from './guarded-connector.ts'
import { toErrorWord } from './to-error-word.ts'

export interface CallbackPost {
  url: string
  headers: Record<string, string>
  body: string
}

export interface CallbackClient {
  /** One try, over in 10 s; whatever the receiver does is an outcome. */
  post(callback: CallbackPost): Promise<CallbackOutcome>
  close(): Promise<void>
}

export interface CallbackClientOptions {
  allowedHosts: AllowedHosts
  resolve: Resolve
  /** PEM of an authority that is trusted instead of those that Node knows. */
  ca?: string
  timeoutMs?: number
}

/** Of one try, from the lookup to the head of the answer. */
export const CALLBACK_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 5_000
const KEEP_ALIVE_MS = 5_000
/** What an answer says beyond its status is nobody's business: it is read so that the connection can go on. */
const MAX_BODY_BYTES = 64 * 1024
const BODY_LIMIT_MS = 1_000
const GONE = 410

export function createCallbackClient(options: CallbackClientOptions): CallbackClient {
  const { allowedHosts, timeoutMs = CALLBACK_TIMEOUT_MS } = options
  const agent = new Agent({
    connect: createGuardedConnector({ ...options, timeoutMs: CONNECT_TIMEOUT_MS }),
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // The signal of each try is the limit.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    async post({ url, headers, body }) {
      // It was checked when it was registered, but perhaps not by the rules of today.
      const check = checkCallbackUrl(url, allowedHosts)
      if (check.kind === 'refused') return { kind: 'unreachable', error: 'address-not-allowed' }
      try {
        const answer = await request(check.url, {
          dispatcher: agent,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'user-agent': 'sms-gateway-callbacks/1',
            ...headers,
          },
          body,
          signal: AbortSignal.timeout(timeoutMs),
        })
        await drop(answer.body)
        return toOutcome(answer.statusCode, answer.headers['retry-after'])
      } catch (err) {
        return { kind: 'unreachable', error: toErrorWord(err) }
      }
    },
    close: () => agent.destroy(),
  }
}

/** The answer is given with its status, whatever becomes of the rest. */
async function drop(body: Awaited<ReturnType<typeof request>>['body']): Promise<void> {
  try {
    await body.dump({ limit: MAX_BODY_BYTES, signal: AbortSignal.timeout(BODY_LIMIT_MS) })
  } catch {
    // Cut off: it took too long, or the connection broke.
  }
}

function toOutcome(status: number, retryAfter: unknown): CallbackOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status }
  if (status === GONE) return { kind: 'gone', status }
  const waits = [429, 502, 503, 504].includes(status)
  const retryAfterMs = waits ? readRetryAfter(retryAfter, new Date()) : undefined
  return { kind: 'refused', status, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}
