import { createAudit } from '@sms-gateway/db/audit'
import type { Db } from '@sms-gateway/db/connect'
import { isOutage } from '@sms-gateway/db/readiness'
import type { Vault } from '@sms-gateway/db/vault'
import type { BackendConfig } from '@sms-gateway/queue/backend'
import type { Authenticate, AuthenticateAll } from '@sms-gateway/service-kit/api-auth'
import type { AuditTrail } from '@sms-gateway/service-kit/audit-trail'
import { createAuditTrail } from '@sms-gateway/service-kit/audit-trail'
import type { Audited } from '@sms-gateway/service-kit/audited'
import { createAudited } from '@sms-gateway/service-kit/audited'
import { createRateCounter } from '@sms-gateway/service-kit/rate-limit'
import { createAnswerGuard } from './answer-guard.ts'
import { openKeyWindows } from './key-windows.ts'
import { createKnownClients } from './known-clients.ts'
import { createSessions, type Sessions } from './sessions.ts'

/** What every service with routes asks before it answers: who it is, and the record of it. */
export interface Access {
  authenticate: Authenticate
  authenticateAll: AuthenticateAll
  audited: Audited
  /** For answers that come in pieces. */
  auditTrail: AuditTrail
  /** For whoever lets people sign in. */
  sessions: Sessions
  close: () => Promise<void>
}

export interface AccessOptions {
  db: Db
  vault: Vault
  /** Keys' requests are counted where the queue is: in Redis where there is one. */
  queue: BackendConfig
  /** By which what is known of a key or a session grows old. */
  now?: () => number
}

export function openAccess({ db, vault, queue, now = Date.now }: AccessOptions): Access {
  const windows = openKeyWindows(queue, db)
  const auditTrail = createAuditTrail({ ...createAudit(db, vault), isOutage })
  const { forget, ...known } = createKnownClients({
    db,
    countRequest: createRateCounter(windows.count),
    guardAnswer: createAnswerGuard(auditTrail),
    now,
  })
  return {
    ...known,
    audited: createAudited(auditTrail),
    auditTrail,
    sessions: createSessions({ db, vault, countInWindows: windows.count, forget }),
    close: () => windows.close(),
  }
}
