import { Router } from 'express'
import { findApiClient } from '@sms-gateway/db/api-keys'
import type { PreviewRules } from '@sms-gateway/domain/preview-text'
import { createKeyCache } from '@sms-gateway/service-kit/api-auth'
import type { ListDeps } from './list-providers.ts'
import { adminRoutes } from './routes.ts'
import { templateRoutes } from './template-routes.ts'
import { templateVersionRoutes } from './template-version-routes.ts'

export function createAdmin(options: ListDeps & { previewRules: PreviewRules }): Router {
  const { db } = options
  const deps = {
    ...options,
    now: () => new Date(),
    authenticate: createKeyCache({ load: (hash) => findApiClient(db, Buffer.from(hash, 'hex')) }),
  }
  return Router().use(adminRoutes(deps)).use(templateRoutes(deps)).use(templateVersionRoutes(deps))
}
