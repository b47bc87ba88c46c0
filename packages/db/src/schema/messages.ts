import type { ColumnType, Generated } from 'kysely'
import type { AttemptState } from '@sms-gateway/domain/attempt-result'
import type { Lane } from '@sms-gateway/domain/lane'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Timestamp } from './timestamp.ts'

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
  /** What is reserved for it; once it is sent, what was charged. */
  cost_milli: number
  /** What the parts that providers took have cost; null before the first. */
  charged_milli: Generated<number | null>
  /** The counters of the budgets that it is counted on. */
  budget_counters: Generated<number[] | null>
  template_code: string | null
  template_version: number | null
  variant: string | null
  experiment_id: string | null
  held_out: Generated<boolean>
  campaign_id: string | null
  batch_id: string | null
  retry_of: string | null
  /** The inbound text that it answers. */
  in_reply_to: string | null
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
  /** It confirms an opt-out, which must not stop it; a check of the table lets no other type have it. */
  exempt_from_opt_out: Generated<boolean>
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
