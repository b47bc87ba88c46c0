import { Router } from 'express'
import { createCustomerZones } from '@sms-gateway/acceptance/customer-zones'
import { createMessageStore } from '@sms-gateway/acceptance/message-store'
import { createPermissionSource } from '@sms-gateway/acceptance/permission-source'
import type { PreparationRules } from '@sms-gateway/acceptance/prepare-message'
import { createTemplateSource } from '@sms-gateway/acceptance/template-source'
import { findApiClient } from '@sms-gateway/db/api-keys'
import { createAudit } from '@sms-gateway/db/audit'
import type { Db } from '@sms-gateway/db/connect'
import { isOutage } from '@sms-gateway/db/readiness'
import type { Vault } from '@sms-gateway/db/vault'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import { createKeyCache } from '@sms-gateway/service-kit/api-auth'
import { createAudited, createAuditTrail } from '@sms-gateway/service-kit/audit-trail'
import { type BulkRouteDeps, bulkRoutes } from './bulk-routes.ts'
import { type RetryRouteDeps, retryRoutes } from './retry-routes.ts'
import { type IngestDeps, ingestRoutes } from './routes.ts'

export interface IngestOptions {
  db: Db
  vault: Vault
  queues: LaneQueues
  rules: PreparationRules
  sendingEnabled: boolean
}

export interface Ingest {
  router: Router
  /** Resolves when all that was taken in is committed. */
  close(): Promise<void>
}

export function createIngest({ db, vault, queues, rules, sendingEnabled }: IngestOptions): Ingest {
  const store = createMessageStore({ db, vault, queues })
  const deps: IngestDeps & BulkRouteDeps & RetryRouteDeps = {
    db,
    vault,
    rules,
    sendingEnabled,
    now: () => new Date(),
    timeZoneOf: createCustomerZones(db),
    templateOf: createTemplateSource(db),
    permissionsOf: createPermissionSource(db, vault),
    store: (accepted) => store.add(accepted),
    queues,
    audited: createAudited(createAuditTrail({ ...createAudit(db, vault), isOutage })),
    timeZone: rules.quiet.timeZone,
    authenticate: createKeyCache({ load: (hash) => findApiClient(db, Buffer.from(hash, 'hex')) }),
  }
  const router = Router().use(ingestRoutes(deps)).use(bulkRoutes(deps)).use(retryRoutes(deps))
  return { router, close: () => store.close() }
}
