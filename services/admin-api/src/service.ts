import type { Router } from 'express'
import { findApiClient } from '@sms-gateway/db/api-keys'
import { createKeyCache } from '@sms-gateway/service-kit/api-auth'
import type { ListDeps } from './list-providers.ts'
import { adminRoutes } from './routes.ts'

export function createAdmin(deps: ListDeps): Router {
  const { db } = deps
  return adminRoutes({
    ...deps,
    now: () => new Date(),
    authenticate: createKeyCache({ load: (hash) => findApiClient(db, Buffer.from(hash, 'hex')) }),
  })
}
