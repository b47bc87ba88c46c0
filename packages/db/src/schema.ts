import type {
  ApiClientTable,
  ApiKeyTable,
  CustomerSettingTable,
  IdempotencyTable,
  SessionTable,
} from './schema/access.ts'
import type { AuditMarkTable, AuditTable } from './schema/audit.ts'
import type { CallbackAttemptTable, CallbackEventTable, CallbackTable } from './schema/callbacks.ts'
import type {
  CampaignRecipientTable,
  CampaignRejectTable,
  CampaignRunTable,
  CampaignTable,
  CampaignUploadTable,
} from './schema/campaigns.ts'
import type { ExperimentTable } from './schema/experiments.ts'
import type { GatewayStateTable } from './schema/gateway-state.ts'
import type {
  FrequencyTurnTable,
  OtpMinuteTable,
  OtpRunTable,
  RecentTextTable,
} from './schema/guards.ts'
import type { InboundTable, KeywordAnswerTable } from './schema/inbound.ts'
import type { AttemptTable, MessageEventTable, MessageTable } from './schema/messages.ts'
import type {
  BudgetAlertTable,
  BudgetCounterTable,
  BudgetFamilyTable,
  BudgetHoldTable,
  BudgetTable,
  MoneyEntryTable,
  PriceTable,
} from './schema/money.ts'
import type {
  ProviderEventTable,
  ProviderMinuteTable,
  ProviderStateTable,
  RateTurnTable,
} from './schema/providers.ts'
import type { ProviderReferenceTable, ReceiptTable } from './schema/receipts.ts'
import type { MessageRetryTable } from './schema/retries.ts'
import type { RoutingPlanTable } from './schema/routing.ts'
import type {
  MessageStatView,
  StatCustomerTable,
  StatDayTable,
  StatDeltaTable,
  StatHourTable,
  StatMinuteTable,
  StatNowTable,
} from './schema/stats.ts'
import type { ErasureTable, SubjectKeyTable } from './schema/subjects.ts'
import type { ConsentTable, OptOutTable, PermissionEventTable } from './schema/suppression.ts'
import type {
  TemplateTable,
  TemplateVariantTable,
  TemplateVersionTable,
} from './schema/templates.ts'
import type { WorkerTable } from './schema/workers.ts'

/** Every table, as Kysely sees it. One file a subject in `schema/`. */
export interface Schema {
  message: MessageTable
  message_event: MessageEventTable
  attempt: AttemptTable
  provider_reference: ProviderReferenceTable
  receipt: ReceiptTable
  message_retry: MessageRetryTable
  idempotency: IdempotencyTable
  api_client: ApiClientTable
  api_key: ApiKeyTable
  session: SessionTable
  opt_out: OptOutTable
  audit: AuditTable
  audit_mark: AuditMarkTable
  consent: ConsentTable
  permission_event: PermissionEventTable
  provider_state: ProviderStateTable
  provider_event: ProviderEventTable
  provider_minute: ProviderMinuteTable
  rate_turn: RateTurnTable
  routing_plan: RoutingPlanTable
  experiment: ExperimentTable
  template: TemplateTable
  template_version: TemplateVersionTable
  template_variant: TemplateVariantTable
  customer_setting: CustomerSettingTable
  worker: WorkerTable
  callback: CallbackTable
  callback_event: CallbackEventTable
  callback_attempt: CallbackAttemptTable
  inbound: InboundTable
  keyword_answer: KeywordAnswerTable
  subject_key: SubjectKeyTable
  stat_hour: StatHourTable
  stat_day: StatDayTable
  stat_customer: StatCustomerTable
  stat_delta: StatDeltaTable
  stat_minute: StatMinuteTable
  stat_now: StatNowTable
  message_stat: MessageStatView
  campaign: CampaignTable
  campaign_recipient: CampaignRecipientTable
  campaign_reject: CampaignRejectTable
  campaign_upload: CampaignUploadTable
  campaign_run: CampaignRunTable
  erasure: ErasureTable
  gateway_state: GatewayStateTable
  price: PriceTable
  money_entry: MoneyEntryTable
  budget: BudgetTable
  budget_counter: BudgetCounterTable
  budget_alert: BudgetAlertTable
  budget_hold: BudgetHoldTable
  budget_family: BudgetFamilyTable
  recent_text: RecentTextTable
  frequency_turn: FrequencyTurnTable
  otp_minute: OtpMinuteTable
  otp_run: OtpRunTable
}
