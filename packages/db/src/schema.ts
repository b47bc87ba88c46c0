import type { ColumnType, Generated } from 'kysely'
import type { Circuit } from '@sms-gateway/domain/circuit'
import type { Lane } from '@sms-gateway/domain/lane'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { DeliveryStatus, ProviderName } from '@sms-gateway/domain/provider'

type Timestamp = ColumnType<Date, Date | string, Date | string>

/** Partitioned by month on its UUIDv7. */
export interface MessageTable {
  id: string
  client_id: string
  status: MessageStatus
  lane: Lane
  channel: string
  message_type: string
  customer_id: string | null
  country: string
  recipient_hash: Buffer
  recipient_cipher: Buffer
  content_cipher: Buffer
  encoding: string
  segments: number
  cost_milli: number
  template_code: string | null
  template_version: number | null
  variant: string | null
  campaign_id: string | null
  batch_id: string | null
  retry_of: string | null
  schedule_at: Timestamp | null
  not_before: Timestamp | null
  hold_reason: string | null
  expires_at: Timestamp
  /** When the sweeper rings for it again, unless it is claimed before. */
  ring_at: Timestamp
  claimed_by: string | null
  claimed_at: Timestamp | null
  /** The number of the newest attempt, 0 before the first. */
  attempt_number: number
  /** Whether the newest attempt is committed and not settled: what tells a lost claim from a lost submission. */
  attempt_open: boolean
  /** Attempts that count against `SMS_MAX_ATTEMPTS`. */
  counted_attempts: number
  /** Set once one part was taken: the rest may go nowhere else. */
  pinned_provider: ProviderName | null
  provider: ProviderName | null
  provider_message_id: string | null
  in_doubt: boolean
  possible_duplicate: boolean
  error_code: string | null
  error_detail: string | null
  warnings: ColumnType<string[], string, string>
  created_at: Timestamp
  updated_at: Timestamp
  sent_at: Timestamp | null
  delivered_at: Timestamp | null
}

export interface MessageEventTable {
  message_id: string
  id: Generated<number>
  status: string
  at: Timestamp
  provider: ProviderName | null
  provider_message_id: string | null
  error_code: string | null
  detail: string | null
}

export const ATTEMPT_STATES = [
  'open',
  'accepted',
  'partial',
  'refused',
  'throttled',
  'unreachable',
  'unsent',
  'in_doubt',
  'absent',
] as const
export type AttemptState = (typeof ATTEMPT_STATES)[number]

export interface AttemptTable {
  message_id: string
  number: number
  provider: ProviderName
  state: AttemptState
  worker_id: string
  opened_at: Timestamp
  settled_at: Timestamp | null
  error_code: string | null
  error_detail: string | null
  /** When to ask the provider what became of it; null when nobody can be asked, or no longer. */
  check_at: Timestamp | null
  checks: number
}

/** One row a part that a provider took, found by the provider's own id. */
export interface ProviderReferenceTable {
  provider: ProviderName
  reference: string
  message_id: string
  attempt_number: number
  part: number
  parts: number
  delivery_status: DeliveryStatus
  created_at: Timestamp
  /** When to ask for its receipt, for a provider that does not send them. */
  poll_at: Timestamp | null
  polls: Generated<number>
}

export const RECEIPT_STATES = ['new', 'parked', 'applied'] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]

export interface ReceiptTable {
  dedupe_key: Buffer
  provider: ProviderName
  reference: string
  /** Where the provider gave our attempt id back; the key of the row is its message's. */
  message_id: string | null
  attempt_number: number | null
  state: ReceiptState
  status: DeliveryStatus
  error_code: string | null
  detail: string | null
  opted_out: boolean
  occurred_at: Timestamp | null
  received_at: Timestamp
  applied_at: Timestamp | null
  body_cipher: Buffer
}

export interface IdempotencyTable {
  client_id: string
  path: string
  key: string
  fingerprint: Buffer
  message_id: string
  status: number
  response_cipher: Buffer
  created_at: Timestamp
}

export interface ApiClientTable {
  id: string
  name: string
  created_at: Generated<Date>
}

export interface ApiKeyTable {
  id: string
  client_id: string
  name: string
  prefix: string
  key_hash: Buffer
  scopes: string[]
  created_at: Generated<Date>
  expires_at: Timestamp | null
  revoked_at: Timestamp | null
  last_used_at: Timestamp | null
}

export interface OptOutTable {
  recipient_hash: Buffer
  channel: string
  kind: string
  recipient_cipher: Buffer
  source: string
  reason: string | null
  created_at: Generated<Date>
}

export interface ProviderStateTable {
  provider: ProviderName
  enabled: Generated<boolean>
  balance: string | null
  balance_currency: string | null
  balance_at: Timestamp | null
  circuit: Generated<Circuit['state']>
  failures: Generated<number>
  opened_at: Timestamp | null
  probe_until: Timestamp | null
  reason: Generated<string>
  updated_at: Generated<Date>
}

/** Each change of a provider's circuit or switch, with its reason. */
export interface ProviderEventTable {
  id: Generated<number>
  provider: ProviderName
  at: Timestamp
  state: string
  reason: string
  actor: string | null
}

/** What submissions amounted to, a minute: so that nobody counts rows of the hot tables. */
export interface ProviderMinuteTable {
  provider: ProviderName
  minute: Timestamp
  outcome: string
  attempts: number
  /** The sum over the attempts. */
  latency_ms: number
  latency_ms_max: number
}

/** When the next turn of a shared limit is, where there is no Redis. */
export interface RateTurnTable {
  id: string
  next_at: Timestamp
}

export interface CustomerSettingTable {
  client_id: string
  customer_id: string
  time_zone: string
  updated_at: Generated<Date>
}

/** A process that claims messages; one that was not seen for a while has lost its claims. */
export interface WorkerTable {
  id: string
  name: string
  started_at: Generated<Date>
  seen_at: Generated<Date>
}

export interface TemplateTable {
  code: string
  /** The one in force. */
  version: number
  deleted_at: Timestamp | null
  created_at: Generated<Date>
}

export interface TemplateVersionTable {
  code: string
  version: number
  name: string
  language: string
  author: string | null
  created_at: Generated<Date>
}

export interface TemplateVariantTable {
  code: string
  version: number
  variant: string
  content: string
  weight: number
  active: boolean
}

export interface Schema {
  message: MessageTable
  message_event: MessageEventTable
  attempt: AttemptTable
  provider_reference: ProviderReferenceTable
  receipt: ReceiptTable
  idempotency: IdempotencyTable
  api_client: ApiClientTable
  api_key: ApiKeyTable
  opt_out: OptOutTable
  provider_state: ProviderStateTable
  provider_event: ProviderEventTable
  provider_minute: ProviderMinuteTable
  rate_turn: RateTurnTable
  template: TemplateTable
  template_version: TemplateVersionTable
  template_variant: TemplateVariantTable
  customer_setting: CustomerSettingTable
  worker: WorkerTable
}
