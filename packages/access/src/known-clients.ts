import { type ApiKeyHolder, findApiClient } from '@sms-gateway/db/api-keys'
import type { Db } from '@sms-gateway/db/connect'
import { touchApiKey } from '@sms-gateway/db/manage-api-keys'
import { findSession, type SessionHolder, touchSessions } from '@sms-gateway/db/sessions'
import { createAddressList } from '@sms-gateway/service-kit/address-list'
import type { ApiClient, Authenticate, AuthenticateAll } from '@sms-gateway/service-kit/api-auth'
import { createKeyCache, hashKey } from '@sms-gateway/service-kit/key-cache'
import type { RateState } from '@sms-gateway/service-kit/rate-limit'
import type { AnswerGuard } from './answer-guard.ts'
import { createAuthenticateAll } from './authenticate-all.ts'
import { onceAMinute } from './once-a-minute.ts'

export interface KnownClients {
  authenticate: Authenticate
  /** Many at once, and not from memory: whoever is not who they were any more is `undefined`. It extends no session. */
  authenticateAll: AuthenticateAll
  /** The session is looked up anew. */
  forget: (token: string) => void
}

/** A revoked key works for so long at most, and whoever has signed in with it. */
const KEY_TTL_MS = 5_000

export interface KnownClientDeps {
  db: Db
  countRequest: (keyId: string, limit: number) => Promise<RateState>
  guardAnswer: AnswerGuard
  now: () => number
}

/** Who calls, by key or by session: looked up once in a while. */
export function createKnownClients({
  db,
  countRequest,
  guardAnswer,
  now,
}: KnownClientDeps): KnownClients {
  const touchKey = onceAMinute((keyId) => touchApiKey(db, keyId, new Date()))
  const touchHash = onceAMinute((hash) => touchSessions(db, [toBytes(hash)]))

  const toClient = (holder: ApiKeyHolder) => toApiClient(holder, countRequest)
  const toPerson = (holder: SessionHolder): ApiClient => {
    const { name, clientName, isPerson, expiresAt } = holder
    const client = toClient(holder)
    return {
      ...client,
      session: { name, clientName, isPerson, expiresAt },
      guard: (req, res, next) => guardAnswer(client, { req, res, next }),
    }
  }
  const keys = createKeyCache<ApiClient>({
    ttlMs: KEY_TTL_MS,
    now,
    async load(hash) {
      const holder = await findApiClient(db, toBytes(hash))
      return holder && toClient(holder)
    },
  })
  const sessions = createKeyCache<ApiClient>({
    ttlMs: KEY_TTL_MS,
    now,
    async load(hash) {
      const holder = await findSession(db, toBytes(hash))
      return holder && toPerson(holder)
    },
  })
  return {
    async authenticate(credential) {
      const client = await (credential.kind === 'key'
        ? keys.find(credential.key)
        : sessions.find(credential.token))
      if (!client) return undefined
      touchKey(client.keyId)
      if (credential.kind === 'session') touchHash(hashKey(credential.token))
      return client
    },
    authenticateAll: createAuthenticateAll(db, { toClient, toPerson }),
    forget: sessions.forget,
  }
}

function toBytes(hash: string): Buffer {
  return Buffer.from(hash, 'hex')
}

function toApiClient(
  { clientId, keyId, scopes, allowedAddresses, ratePerMinute: limit }: ApiKeyHolder,
  countRequest: KnownClientDeps['countRequest'],
): ApiClient {
  return {
    clientId,
    keyId,
    scopes,
    ...(allowedAddresses.length > 0 && { allows: createAddressList(allowedAddresses) }),
    ...(limit !== null && { count: () => countRequest(keyId, limit) }),
  }
}
