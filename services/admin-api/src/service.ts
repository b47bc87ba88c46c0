import { Router } from 'express'
import { findApiClient } from '@sms-gateway/db/api-keys'
import { createAudit } from '@sms-gateway/db/audit'
import { isOutage } from '@sms-gateway/db/readiness'
import type { Vault } from '@sms-gateway/db/vault'
import type { PreviewRules } from '@sms-gateway/domain/preview-text'
import { createKeyCache } from '@sms-gateway/service-kit/api-auth'
import { createAudited, createAuditTrail } from '@sms-gateway/service-kit/audit-trail'
import { auditRoutes } from './audit-routes.ts'
import type { ListDeps } from './list-providers.ts'
import { logRoutes } from './log-routes.ts'
import { adminRoutes } from './routes.ts'
import { templateRoutes } from './template-routes.ts'
import { templateVersionRoutes } from './template-version-routes.ts'

export interface AdminOptions extends ListDeps {
  vault: Vault
  previewRules: PreviewRules
  /** `SMS_TIMEZONE`. */
  timeZone: string
}

export function createAdmin(options: AdminOptions): Router {
  const { db, vault } = options
  const auditTrail = createAuditTrail({ ...createAudit(db, vault), isOutage })
  const deps = {
    ...options,
    now: () => new Date(),
    auditTrail,
    audited: createAudited(auditTrail),
    authenticate: createKeyCache({ load: (hash) => findApiClient(db, Buffer.from(hash, 'hex')) }),
  }
  return Router()
    .use(adminRoutes(deps))
    .use(templateRoutes(deps))
    .use(templateVersionRoutes(deps))
    .use(auditRoutes(deps))
    .use(logRoutes(deps))
}
