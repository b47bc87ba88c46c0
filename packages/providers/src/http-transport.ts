import { rootCertificates } from 'node:tls'
import { Pool } from 'undici'
import { createAbortListeners } from './abort-listeners.ts'
import { type Exchange, type ExchangeLimits, PendingExchange } from './pending-exchange.ts'
import { createResetConnector } from './reset-connector.ts'

export type { Exchange, ExchangeLimits } from './pending-exchange.ts'

export interface HttpRequest {
  method: 'GET' | 'POST'
  /** With its query; the path of the base URL goes in front. */
  path: string
  headers: Record<string, string>
  body?: string
  /** A larger answer counts as none. */
  maxBytes?: number
}

export interface HttpTransport {
  exchange(request: HttpRequest, limits: ExchangeLimits): Promise<Exchange>
  close(): Promise<void>
}

export interface HttpTransportConfig {
  baseUrl: string
  connections: number
  connectTimeoutMs?: number
  /** False: a new connection for each request, where a request lost with an old one cannot be asked about. */
  reuseConnections?: boolean
  /** PEM of a certificate authority that the system does not know, trusted besides those it does. */
  ca?: string
}

/** Idle connections are closed by us before the provider closes them, so that no request is written into a close. */
const KEEP_ALIVE_MS = 2_000
const CONNECT_TIMEOUT_MS = 3_000
const MAX_ANSWER_BYTES = 64 * 1024

/**
 * One provider's connections. Nothing is ever repeated here, a connection carries one request at a time, and each
 * exchange has its own limits, so undici's are off.
 */
export function createHttpTransport(config: HttpTransportConfig): HttpTransport {
  const { origin, pathname } = new URL(config.baseUrl)
  const prefix = pathname.replace(/\/$/, '')
  const pool = new Pool(origin, {
    connections: config.connections,
    // 0 is undici's word for a connection a request.
    pipelining: config.reuseConnections === false ? 0 : 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: createResetConnector({
      timeout: config.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      ...(config.ca === undefined ? {} : { ca: [...rootCertificates, config.ca] }),
    }),
  })
  const onAbort = createAbortListeners()
  const isConnected = (): boolean => pool.stats.connected > 0

  return {
    exchange({ method, path, headers, body, maxBytes = MAX_ANSWER_BYTES }, limits) {
      if (limits.signal.aborted) return Promise.resolve({ kind: 'unsent' })
      return new Promise((settle) => {
        const pending = new PendingExchange({ ...limits, maxBytes, onAbort, isConnected, settle })
        pool.dispatch({ method, path: prefix + path, headers, body: body ?? null }, pending)
      })
    },
    // Waits for the exchanges under way; each has its own limit.
    close: () => pool.close(),
  }
}
