import { findApiClient } from '@sms-gateway/db/api-keys'
import { createAudit } from '@sms-gateway/db/audit'
import type { Db } from '@sms-gateway/db/connect'
import { touchApiKey } from '@sms-gateway/db/manage-api-keys'
import { isOutage } from '@sms-gateway/db/readiness'
import type { Vault } from '@sms-gateway/db/vault'
import type { BackendConfig } from '@sms-gateway/queue/backend'
import { createAddressList } from '@sms-gateway/service-kit/address-list'
import type { ApiClient, Authenticate } from '@sms-gateway/service-kit/api-auth'
import { createKeyCache } from '@sms-gateway/service-kit/api-auth'
import type { Audited, AuditTrail } from '@sms-gateway/service-kit/audit-trail'
import { createAudited, createAuditTrail } from '@sms-gateway/service-kit/audit-trail'
import { createRateCounter } from '@sms-gateway/service-kit/rate-limit'
import { openKeyWindows } from './key-windows.ts'

/** What every service with routes asks before it answers: who it is, and the record of it. */
export interface Access {
  authenticate: Authenticate
  audited: Audited
  /** For answers that come in pieces. */
  auditTrail: AuditTrail
  close: () => Promise<void>
}

export interface AccessOptions {
  db: Db
  vault: Vault
  /** Keys' requests are counted where the queue is: in Redis where there is one. */
  queue: BackendConfig
}

/** A revoked key works for so long at most. */
const KEY_TTL_MS = 5_000
const TOUCH_MS = 60_000

export function openAccess({ db, vault, queue }: AccessOptions): Access {
  const windows = openKeyWindows(queue, db)
  const countRequest = createRateCounter(windows.count)
  const touched = new Map<string, number>()

  const touch = (keyId: string) => {
    const now = Date.now()
    if (now - (touched.get(keyId) ?? 0) < TOUCH_MS) return
    touched.set(keyId, now)
    // Nobody waits for it, and the next minute's says as much.
    touchApiKey(db, keyId, new Date(now)).catch(() => undefined)
  }

  const find = createKeyCache<ApiClient>({
    ttlMs: KEY_TTL_MS,
    async load(hash) {
      const holder = await findApiClient(db, Buffer.from(hash, 'hex'))
      if (!holder) return undefined
      const { clientId, keyId, scopes, allowedAddresses, ratePerMinute: limit } = holder
      return {
        clientId,
        keyId,
        scopes,
        ...(allowedAddresses.length > 0 && { allows: createAddressList(allowedAddresses) }),
        ...(limit !== null && { count: () => countRequest(keyId, limit) }),
      }
    },
  })
  const auditTrail = createAuditTrail({ ...createAudit(db, vault), isOutage })
  return {
    async authenticate(key) {
      const client = await find(key)
      if (client) touch(client.keyId)
      return client
    },
    audited: createAudited(auditTrail),
    auditTrail,
    close: () => windows.close(),
  }
}
