import { apiClientPaths, apiClientSchemas } from './openapi-api-clients.ts'
import { apiKeyPaths, apiKeySchemas } from './openapi-api-keys.ts'
import { attemptPaths, attemptSchemas } from './openapi-attempts.ts'
import { auditPaths, auditSchemas } from './openapi-audit.ts'
import { callbackEventPaths, callbackEventSchemas } from './openapi-callback-events.ts'
import { callbackPaths, callbackSchemas } from './openapi-callbacks.ts'
import { campaignRejectPaths, campaignRejectSchemas } from './openapi-campaign-rejects.ts'
import { campaignPaths, campaignSchemas } from './openapi-campaigns.ts'
import { causePaths, causeSchemas } from './openapi-causes.ts'
import { conversationPaths, conversationSchemas } from './openapi-conversations.ts'
import { deliveryPaths, deliverySchemas } from './openapi-delivery.ts'
import { experimentPaths, experimentSchemas } from './openapi-experiments.ts'
import { figurePaths, figureSchemas } from './openapi-figures.ts'
import { gatewayPaths, gatewaySchemas } from './openapi-gateway.ts'
import { inboundPaths, inboundSchemas } from './openapi-inbound.ts'
import { livePaths, liveSchemas } from './openapi-live.ts'
import { messagePaths, messageSchemas } from './openapi-messages.ts'
import { moneyPaths, moneySchemas } from './openapi-money.ts'
import { optOutPagePaths } from './openapi-opt-out-page.ts'
import { schemaOf } from './openapi-parts.ts'
import { permissionPaths, permissionSchemas } from './openapi-permissions.ts'
import { providerPaths, providerSchemas } from './openapi-providers.ts'
import { releasePaths, releaseSchemas } from './openapi-release.ts'
import { retryPaths, retrySchemas } from './openapi-retry.ts'
import { routePaths, routeSchemas } from './openapi-routes.ts'
import { sessionPaths, sessionSchemas } from './openapi-session.ts'
import { subjectPaths, subjectSchemas } from './openapi-subjects.ts'
import { templatePreviewPaths, templatePreviewSchemas } from './openapi-template-preview.ts'
import { templateVersionPaths, templateVersionSchemas } from './openapi-template-versions.ts'
import { templatePaths, templateSchemas } from './openapi-templates.ts'
import { webhooks, webhookSchemas } from './openapi-webhooks.ts'
import { ProblemResponse } from './problem-response.ts'

type Part = () => Record<string, unknown>

/** What each subject adds, in the order in which it is read. */
const PATHS: readonly Part[] = [
  messagePaths,
  sessionPaths,
  releasePaths,
  gatewayPaths,
  retryPaths,
  providerPaths,
  routePaths,
  campaignPaths,
  campaignRejectPaths,
  templatePaths,
  templatePreviewPaths,
  templateVersionPaths,
  apiClientPaths,
  apiKeyPaths,
  permissionPaths,
  optOutPagePaths,
  auditPaths,
  figurePaths,
  attemptPaths,
  livePaths,
  causePaths,
  moneyPaths,
  experimentPaths,
  subjectPaths,
  deliveryPaths,
  inboundPaths,
  callbackPaths,
  callbackEventPaths,
  conversationPaths,
]

/** What their bodies name. */
const SCHEMAS: readonly Part[] = [
  messageSchemas,
  sessionSchemas,
  releaseSchemas,
  gatewaySchemas,
  retrySchemas,
  providerSchemas,
  routeSchemas,
  campaignSchemas,
  campaignRejectSchemas,
  templateSchemas,
  templatePreviewSchemas,
  templateVersionSchemas,
  apiClientSchemas,
  apiKeySchemas,
  permissionSchemas,
  auditSchemas,
  figureSchemas,
  attemptSchemas,
  liveSchemas,
  causeSchemas,
  moneySchemas,
  experimentSchemas,
  subjectSchemas,
  deliverySchemas,
  inboundSchemas,
  callbackSchemas,
  callbackEventSchemas,
  webhookSchemas,
  conversationSchemas,
]

/** The OpenAPI 3.1 document of the API, made from the schemas that check the requests. */
export function openApiDocument(): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'SMS gateway',
      version: '1',
      description:
        'A message answered with 202 is committed: it is never lost, and never handed over twice. ' +
        'Requests by cookie (people at the operators’ page) that are not GET or HEAD bear `X-SMS-Console: 1`; numbers and ' +
        'codes in their answers are masked unless they bear `X-Unmask: phone`.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ apiKey: [] }, { session: [] }],
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'sms_session' },
      },
      schemas: {
        Problem: schemaOf(ProblemResponse, 'output'),
        ...all(SCHEMAS),
      },
    },
    paths: all(PATHS),
    webhooks: webhooks(),
  }
}

function all(parts: readonly Part[]): Record<string, unknown> {
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part())))
}
