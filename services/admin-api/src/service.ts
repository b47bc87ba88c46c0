import { Router } from 'express'
import { createIdempotent } from '@sms-gateway/access/idempotent'
import type { Access } from '@sms-gateway/access/open-access'
import type { AllowedHosts } from '@sms-gateway/callbacks/allowed-hosts'
import type { Vault } from '@sms-gateway/db/vault'
import type { Budget } from '@sms-gateway/domain/budget'
import type { PreviewRules } from '@sms-gateway/domain/preview-text'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { apiClientRoutes } from './api-client-routes.ts'
import { apiKeyRoutes } from './api-key-routes.ts'
import { attemptRoutes } from './attempt-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { budgetRoutes } from './budget-routes.ts'
import { callbackEventRoutes } from './callback-event-routes.ts'
import { callbackRoutes } from './callback-routes.ts'
import { consentRoutes } from './consent-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { experimentRoutes } from './experiment-routes.ts'
import { failedRoutes } from './failed-routes.ts'
import { gatewayRoutes } from './gateway-routes.ts'
import { inboundRoutes } from './inbound-routes.ts'
import { keywordAnswerRoutes } from './keyword-answer-routes.ts'
import type { ListDeps } from './list-providers.ts'
import { createLiveFeed, type LivePace } from './live-feed.ts'
import { logRoutes } from './log-routes.ts'
import type { OidcConfig } from './oidc/oidc-client.ts'
import { oidcRoutes } from './oidc-routes.ts'
import { optOutRoutes } from './opt-out-routes.ts'
import { overviewRoutes } from './overview-routes.ts'
import { priceRoutes } from './price-routes.ts'
import { providerHistoryRoutes } from './provider-history-routes.ts'
import { adminRoutes } from './routes.ts'
import { sessionRoutes } from './session-routes.ts'
import type { SimulateDeps } from './simulate-route.ts'
import { simulationRoutes } from './simulation-routes.ts'
import { statRoutes } from './stat-routes.ts'
import { subjectRoutes } from './subject-routes.ts'
import { templateRoutes } from './template-routes.ts'
import { templateVersionRoutes } from './template-version-routes.ts'

export interface AdminOptions extends ListDeps {
  access: Access
  routing: SimulateDeps['routing']
  vault: Vault
  previewRules: PreviewRules
  /** `SMS_TIMEZONE`. */
  timeZone: string
  /** Those of the environment (`SMS_DAILY_LIMIT` and the like). */
  budgets: readonly Budget[]
  /** For so long the results of a template's test are not counted again; left out: 10 s. */
  resultsKeptMs?: number
  /** Of what the open pages are told; left out: a round a second. */
  livePace?: LivePace
  /** Hosts inside that callbacks may go to. */
  allowedHosts: AllowedHosts
  /** How people of the company sign in; `undefined`: by API key alone. */
  oidc: OidcConfig | undefined
  logger: Logger
}

const KEY_NOTE =
  'The key was shown in the first answer alone and is not kept. Where that answer was lost: POST /api-keys/ID/rotate with {"overlap_seconds": 0} gives another in its stead.'

/** A key is shown once: what is kept for a repeat does not hold it, and says what to do. */
function withoutKey(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null
    ? { ...answer, key: null, note: KEY_NOTE }
    : answer
}

export function createAdmin({ access, ...options }: AdminOptions): Router {
  const now = () => new Date()
  const clocked = { ...options, now }
  const deps = {
    ...clocked,
    ...access,
    idempotent: createIdempotent(clocked),
    idempotentSecret: createIdempotent(clocked, withoutKey),
  }
  return Router()
    .use(sessionRoutes(deps))
    .use(oidcRoutes(deps))
    .use(adminRoutes(deps))
    .use(simulationRoutes(deps))
    .use(templateRoutes(deps))
    .use(templateVersionRoutes(deps))
    .use(auditRoutes(deps))
    .use(logRoutes(deps))
    .use(attemptRoutes(deps))
    .use(apiKeyRoutes(deps))
    .use(apiClientRoutes(deps))
    .use(experimentRoutes(deps))
    .use(callbackRoutes(deps))
    .use(callbackEventRoutes(deps))
    .use(optOutRoutes(deps))
    .use(consentRoutes(deps))
    .use(inboundRoutes(deps))
    .use(keywordAnswerRoutes(deps))
    .use(statRoutes(deps))
    .use(overviewRoutes(deps))
    .use(providerHistoryRoutes(deps))
    .use(failedRoutes(deps))
    .use(eventRoutes({ ...deps, feed: createLiveFeed(deps) }))
    .use(subjectRoutes(deps))
    .use(priceRoutes(deps))
    .use(budgetRoutes(deps))
    .use(gatewayRoutes(deps))
}
