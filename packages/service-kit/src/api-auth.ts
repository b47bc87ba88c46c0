import { createHash } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { HttpProblem } from './problem.ts'
import { applyRate, type RateState } from './rate-limit.ts'

export interface ApiClient {
  clientId: string
  keyId: string
  scopes: readonly string[]
  /** Whether its key may be used from an address; left out: from everywhere. */
  allows?: (address: string) => boolean
  /** Counts a request against the key's limit; left out: it has none. */
  count?: () => Promise<RateState>
}

/** `undefined` for a key that is unknown or revoked; rejects where that cannot be found out. */
export type Authenticate = (key: string) => Promise<ApiClient | undefined>

// RFC 6750's token, within what a key can be.
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,256})$/i

/**
 * Lets only clients with this scope, or one of these, pass; {@link clientOf} says who it is. No scope implies another.
 */
export function requireScope(
  authenticate: Authenticate,
  ...oneOf: [string, ...string[]]
): RequestHandler {
  return async (req, res, next) => {
    const key = BEARER.exec(req.headers.authorization ?? '')?.[1]
    const client = key === undefined ? undefined : await authenticate(key)
    if (!client) throw unauthorized(key !== undefined)
    if (client.allows && !client.allows(req.ip ?? '')) throw addressRefused()
    if (client.count) applyRate(res, await client.count())
    if (!oneOf.some((scope) => client.scopes.includes(scope))) throw forbidden(oneOf)
    res.locals['client'] = client
    next()
  }
}

/** Behind {@link requireScope} alone. */
export function clientOf(res: Response): ApiClient {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Express's locals are untyped; only requireScope writes this one
  const client = res.locals['client'] as ApiClient | undefined
  if (!client) throw new Error('the route has no requireScope before it')
  return client
}

/** A client sees and changes its own alone, unless its key has `admin`; `undefined`: everybody's. */
export function ownerOf({
  clientId,
  scopes,
}: Pick<ApiClient, 'clientId' | 'scopes'>): string | undefined {
  return scopes.includes('admin') ? undefined : clientId
}

function unauthorized(keyGiven: boolean): HttpProblem {
  return keyGiven
    ? new HttpProblem('unauthorized', 'The API key is not valid.', {
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      })
    : new HttpProblem('unauthorized', 'Send an API key: "Authorization: Bearer KEY".', {
        headers: { 'www-authenticate': 'Bearer' },
      })
}

/** It does not say which addresses may: who reads this may have stolen the key. */
function addressRefused(): HttpProblem {
  return new HttpProblem('address-not-allowed', 'The API key may not be used from this address.')
}

function forbidden(oneOf: readonly string[]): HttpProblem {
  const scopes = oneOf.map((scope) => `"${scope}"`).join(' or ')
  return new HttpProblem('forbidden', `The API key lacks the scope ${scopes}.`, {
    headers: {
      'www-authenticate': `Bearer error="insufficient_scope", scope="${oneOf.join(' ')}"`,
    },
  })
}

export interface KeyCacheOptions<T> {
  /** Finds what belongs to the SHA-256 of a key, in hex; `undefined` for a key that is none. */
  load: (hash: string) => Promise<T | undefined>
  /** For so long a revoked key may still work, and a new one not yet. */
  ttlMs?: number
  /** Of good keys, and as many of wrong ones. */
  maxEntries?: number
  now?: () => number
}

/**
 * Answers by key, and loads each one once in a while. Requests that come together share one load.
 * The keys themselves are not kept.
 */
export function createKeyCache<T>({
  load,
  ttlMs = 5_000,
  maxEntries = 10_000,
  now = Date.now,
}: KeyCacheOptions<T>): (key: string) => Promise<T | undefined> {
  // Apart, so that someone who tries a million wrong keys pushes no good one out.
  const good = new Map<string, { value: T; validUntil: number }>()
  const wrong = new Map<string, { value: undefined; validUntil: number }>()
  const loading = new Map<string, Promise<T | undefined>>()

  const loadOnce = async (hash: string): Promise<T | undefined> => {
    // Counted from the question: the answer may be as old as that.
    const validUntil = now() + ttlMs
    try {
      const value = await load(hash)
      good.delete(hash)
      wrong.delete(hash)
      if (value === undefined) keepNewest(wrong, maxEntries, hash, { value, validUntil })
      else keepNewest(good, maxEntries, hash, { value, validUntil })
      return value
    } finally {
      // A failure is kept nowhere: the next request asks again.
      loading.delete(hash)
    }
  }

  return (key) => {
    const hash = hashKey(key)
    const known = good.get(hash) ?? wrong.get(hash)
    if (known && now() < known.validUntil) return Promise.resolve(known.value)
    const started = loading.get(hash) ?? loadOnce(hash)
    loading.set(hash, started)
    return started
  }
}

/** How a key is kept and looked up: it is long and random, so one round is enough. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function keepNewest<V>(entries: Map<string, V>, maxEntries: number, hash: string, value: V): void {
  entries.set(hash, value)
  const [oldest] = entries.keys()
  if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
}
