import { Router } from 'express'
import { createBudgetSource } from '@sms-gateway/acceptance/budget-source'
import { createFraudCheck } from '@sms-gateway/acceptance/fraud-check'
import { createMessageStore } from '@sms-gateway/acceptance/message-store'
import { createPermissionSource } from '@sms-gateway/acceptance/permission-source'
import type { PreparationRules } from '@sms-gateway/acceptance/prepare-message'
import { createPriceSource } from '@sms-gateway/acceptance/price-source'
import { createSettingsSource } from '@sms-gateway/acceptance/sender-settings'
import { createTemplateSource } from '@sms-gateway/acceptance/template-source'
import type { Access } from '@sms-gateway/access/open-access'
import type { LimitConfig } from '@sms-gateway/config/limits'
import type { Db } from '@sms-gateway/db/connect'
import type { Vault } from '@sms-gateway/db/vault'
import type { FraudLimits, FraudSign } from '@sms-gateway/domain/fraud-check'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import { type BulkRouteDeps, bulkRoutes } from './bulk-routes.ts'
import { type CampaignRouteDeps, campaignRoutes } from './campaign-routes.ts'
import type { UploadLimits } from './campaigns/upload-limits.ts'
import { releaseRoutes } from './release-routes.ts'
import { replyRoutes } from './reply-routes.ts'
import { type RetryRouteDeps, retryRoutes } from './retry-routes.ts'
import { type IngestDeps, ingestRoutes } from './routes.ts'

export interface IngestOptions {
  access: Access
  db: Db
  vault: Vault
  queues: LaneQueues
  rules: PreparationRules
  /** What the dispatchers keep to: for estimates. */
  limits: LimitConfig
  sendingEnabled: boolean
  /** `SMS_FRAUD_LIMITS`, and who hears of what passes them. */
  fraud?: {
    limits: FraudLimits | undefined
    onSign: (sign: FraudSign, message: NewMessage) => void
  }
  /** Left out: those of production. */
  uploads?: UploadLimits
}

export interface Ingest {
  router: Router
  /** Resolves when all that was taken in is committed. */
  close(): Promise<void>
}

export function createIngest(options: IngestOptions): Ingest {
  const { access, db, vault, queues, rules, limits, sendingEnabled } = options
  const budgetsInForce = createBudgetSource(db, rules)
  const store = createMessageStore({
    ...{ db, vault, queues, budgetsInForce },
    duplicateWindowSeconds: rules.duplicateWindowSeconds,
  })
  const deps: IngestDeps & BulkRouteDeps & RetryRouteDeps & CampaignRouteDeps = {
    db,
    vault,
    rules,
    limits,
    sendingEnabled,
    now: () => new Date(),
    settingsOf: createSettingsSource(db),
    templateOf: createTemplateSource(db),
    permissionsOf: createPermissionSource(db, vault),
    pricesInForce: createPriceSource(db),
    budgetsInForce,
    store: (accepted) => store.add(accepted),
    queues,
    ...(options.fraud && {
      checkFraud: createFraudCheck({ db, vault }, options.fraud.limits, options.fraud.onSign),
    }),
    timeZone: rules.quiet.timeZone,
    ...(options.uploads && { uploads: options.uploads }),
    ...access,
  }
  const router = Router()
    .use(ingestRoutes(deps))
    .use(bulkRoutes(deps))
    .use(retryRoutes(deps))
    .use(releaseRoutes(deps))
    .use(replyRoutes(deps))
    .use(campaignRoutes(deps))
  return { router, close: () => store.close() }
}
