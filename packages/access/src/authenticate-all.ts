import type { ApiKeyHolder } from '@sms-gateway/db/api-keys'
import type { Db } from '@sms-gateway/db/connect'
import { findHolders, type SessionHolder } from '@sms-gateway/db/sessions'
import type { ApiClient, AuthenticateAll } from '@sms-gateway/service-kit/api-auth'
import type { Credential } from '@sms-gateway/service-kit/credential'
import { hashKey } from '@sms-gateway/service-kit/key-cache'

export interface AsClients {
  toClient: (holder: ApiKeyHolder) => ApiClient
  toPerson: (holder: SessionHolder) => ApiClient
}

/** One statement for however many, and nothing from memory. What only listens is no use of a session: its idle hour runs on. */
export function createAuthenticateAll(db: Db, { toClient, toPerson }: AsClients): AuthenticateAll {
  return async (credentials) => {
    const hashes = credentials.map(hashOf)
    const ofKind = (kind: Credential['kind']) =>
      [...new Set(hashes.filter((_, index) => credentials[index]?.kind === kind))].map(toBytes)
    const tokenHashes = ofKind('session')
    const { keys, sessions } = await findHolders(db, { keyHashes: ofKind('key'), tokenHashes })
    return hashes.map((hash, index) => {
      const [key, session] = [keys.get(hash), sessions.get(hash)]
      if (credentials[index]?.kind === 'session') return session && toPerson(session)
      return key && toClient(key)
    })
  }
}

function hashOf(credential: Credential): string {
  return hashKey(credential.kind === 'key' ? credential.key : credential.token)
}

function toBytes(hash: string): Buffer {
  return Buffer.from(hash, 'hex')
}
