import { ApiClientResponse, ApiClientSetting, ApiClientsResponse } from './api-clients.ts'
import {
  ApiKeysResponse,
  CreateApiKeyRequest,
  NewApiKeyResponse,
  RepeatedApiKeyResponse,
  RotateApiKeyRequest,
} from './api-keys.ts'
import { AuditResponse } from './audit.ts'
import { BulkRequest, BulkResponse } from './bulk-request.ts'
import {
  CampaignRequest,
  CampaignResponse,
  CampaignsResponse,
  EstimateResponse,
  RejectedRowsResponse,
  ScheduleRequest,
  TestSendRequest,
} from './campaigns.ts'
import { ConsentRequest, ConsentResponse, ConsentsResponse } from './consents.ts'
import {
  ConversationResponse,
  InboundListResponse,
  KeywordAnswerResponse,
  KeywordAnswersResponse,
  ReplyRequest,
  ReplyResponse,
  SetKeywordAnswer,
} from './conversations.ts'
import { ChunghwaReceiptBody, TwilioReceiptBody } from './delivery.ts'
import { ChunghwaInboundBody, TwilioInboundBody } from './inbound.ts'
import { MessageResponse } from './message-response.ts'
import { apiClientPaths } from './openapi-api-clients.ts'
import { apiKeyPaths } from './openapi-api-keys.ts'
import { attemptPaths, attemptSchemas } from './openapi-attempts.ts'
import { listAuditOperation } from './openapi-audit.ts'
import { callbackPaths, callbackSchemas, callbackWebhooks } from './openapi-callbacks.ts'
import { campaignPaths, campaignUploadSchema } from './openapi-campaigns.ts'
import { causePaths, causeSchemas } from './openapi-causes.ts'
import { conversationPaths } from './openapi-conversations.ts'
import { chunghwaOperation, twilioOperation } from './openapi-delivery.ts'
import { experimentPaths, experimentSchemas } from './openapi-experiments.ts'
import { figurePaths, figureSchemas } from './openapi-figures.ts'
import { gatewayPaths, gatewaySchemas } from './openapi-gateway.ts'
import { inboundPaths } from './openapi-inbound.ts'
import { livePaths, liveSchemas } from './openapi-live.ts'
import { bulkOperation, cancelOperation, findOperation, sendOperation } from './openapi-messages.ts'
import { moneyPaths, moneySchemas } from './openapi-money.ts'
import { schemaOf } from './openapi-parts.ts'
import { permissionPaths } from './openapi-permissions.ts'
import {
  actOnProviderOperation,
  findCustomerOperation,
  listProvidersOperation,
  setCustomerOperation,
} from './openapi-providers.ts'
import { releasePaths } from './openapi-release.ts'
import { retryPaths } from './openapi-retry.ts'
import { simulateRouteOperation } from './openapi-routes.ts'
import { sessionPaths, sessionSchemas } from './openapi-session.ts'
import { subjectPaths } from './openapi-subjects.ts'
import { templatePaths, templateSchemas } from './openapi-templates.ts'
import { ImportResponse, OptOutRequest, OptOutResponse, OptOutsResponse } from './opt-outs.ts'
import { ProblemResponse } from './problem-response.ts'
import {
  CustomerResponse,
  CustomerSetting,
  ProviderActionRequest,
  ProviderResponse,
  ProvidersResponse,
} from './providers.ts'
import { ReleaseHeldRequest, ReleaseHeldResponse } from './release.ts'
import { ResolveRequest, RetryFailedRequest, RetryFailedResponse } from './retry.ts'
import { RouteAnswerResponse, RouteQuestionRequest } from './route-question.ts'
import { SendRequest } from './send-request.ts'
import { ErasureResponse, SubjectResponse } from './subjects.ts'

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
        SendRequest: schemaOf(SendRequest, 'input'),
        BulkRequest: schemaOf(BulkRequest, 'input'),
        BulkResult: schemaOf(BulkResponse, 'output'),
        Message: schemaOf(MessageResponse, 'output'),
        Resolve: schemaOf(ResolveRequest, 'input'),
        ReleaseHeld: schemaOf(ReleaseHeldRequest, 'input'),
        ReleaseHeldResult: schemaOf(ReleaseHeldResponse, 'output'),
        RetryFailed: schemaOf(RetryFailedRequest, 'input'),
        RetryFailedResult: schemaOf(RetryFailedResponse, 'output'),
        ...figureSchemas(),
        ...attemptSchemas(),
        ...liveSchemas(),
        ...causeSchemas(),
        ...sessionSchemas(),
        CampaignRequest: schemaOf(CampaignRequest, 'input'),
        CampaignUpload: campaignUploadSchema(),
        Campaign: schemaOf(CampaignResponse, 'output'),
        Campaigns: schemaOf(CampaignsResponse, 'output'),
        CampaignSchedule: schemaOf(ScheduleRequest, 'input'),
        CampaignTest: schemaOf(TestSendRequest, 'input'),
        Estimate: schemaOf(EstimateResponse, 'output'),
        RejectedRows: schemaOf(RejectedRowsResponse, 'output'),
        Problem: schemaOf(ProblemResponse, 'output'),
        Provider: schemaOf(ProviderResponse, 'output'),
        Providers: schemaOf(ProvidersResponse, 'output'),
        RouteQuestion: schemaOf(RouteQuestionRequest, 'input'),
        RouteAnswer: schemaOf(RouteAnswerResponse, 'output'),
        ProviderAction: schemaOf(ProviderActionRequest, 'input'),
        CustomerSetting: schemaOf(CustomerSetting, 'input'),
        Customer: schemaOf(CustomerResponse, 'output'),
        ApiClient: schemaOf(ApiClientResponse, 'output'),
        ApiClients: schemaOf(ApiClientsResponse, 'output'),
        ApiClientSetting: schemaOf(ApiClientSetting, 'input'),
        ApiKeys: schemaOf(ApiKeysResponse, 'output'),
        NewApiKey: schemaOf(NewApiKeyResponse, 'output'),
        RepeatedApiKey: schemaOf(RepeatedApiKeyResponse, 'output'),
        CreateApiKey: schemaOf(CreateApiKeyRequest, 'input'),
        RotateApiKey: schemaOf(RotateApiKeyRequest, 'input'),
        Audit: schemaOf(AuditResponse, 'output'),
        ...templateSchemas(),
        ...experimentSchemas(),
        ...gatewaySchemas(),
        OptOut: schemaOf(OptOutResponse, 'output'),
        OptOuts: schemaOf(OptOutsResponse, 'output'),
        PutOptOut: schemaOf(OptOutRequest, 'input'),
        Consent: schemaOf(ConsentResponse, 'output'),
        Consents: schemaOf(ConsentsResponse, 'output'),
        PutConsent: schemaOf(ConsentRequest, 'input'),
        Import: schemaOf(ImportResponse, 'output'),
        Subject: schemaOf(SubjectResponse, 'output'),
        Erasure: schemaOf(ErasureResponse, 'output'),
        TwilioReceipt: schemaOf(TwilioReceiptBody, 'input'),
        ChunghwaReceipt: schemaOf(ChunghwaReceiptBody, 'input'),
        TwilioInbound: schemaOf(TwilioInboundBody, 'input'),
        ChunghwaInbound: schemaOf(ChunghwaInboundBody, 'input'),
        ...callbackSchemas(),
        ...moneySchemas(),
        InboundTexts: schemaOf(InboundListResponse, 'output'),
        Conversation: schemaOf(ConversationResponse, 'output'),
        Reply: schemaOf(ReplyRequest, 'input'),
        ReplyResult: schemaOf(ReplyResponse, 'output'),
        SetKeywordAnswer: schemaOf(SetKeywordAnswer, 'input'),
        KeywordAnswer: schemaOf(KeywordAnswerResponse, 'output'),
        KeywordAnswers: schemaOf(KeywordAnswersResponse, 'output'),
      },
    },
    paths: {
      '/sms/send': { post: sendOperation() },
      '/sms/bulk': { post: bulkOperation() },
      '/sms/messages/{id}': { get: findOperation() },
      '/sms/messages/{id}/cancel': { post: cancelOperation() },
      ...sessionPaths(),
      ...releasePaths(),
      ...gatewayPaths(),
      ...retryPaths(),
      '/sms/providers': { get: listProvidersOperation() },
      '/sms/providers/{name}/{action}': { post: actOnProviderOperation() },
      '/sms/routes/simulate': { post: simulateRouteOperation() },
      '/sms/customers/{id}': { get: findCustomerOperation(), put: setCustomerOperation() },
      ...campaignPaths(),
      ...templatePaths(),
      ...apiClientPaths(),
      ...apiKeyPaths(),
      ...permissionPaths(),
      '/sms/audit': { get: listAuditOperation() },
      ...figurePaths(),
      ...attemptPaths(),
      ...livePaths(),
      ...causePaths(),
      ...moneyPaths(),
      ...experimentPaths(),
      ...subjectPaths(),
      '/sms/delivery/twilio': { post: twilioOperation() },
      '/sms/delivery/chunghwa': { post: chunghwaOperation() },
      ...inboundPaths(),
      ...callbackPaths(),
      ...conversationPaths(),
    },
    webhooks: callbackWebhooks(),
  }
}
