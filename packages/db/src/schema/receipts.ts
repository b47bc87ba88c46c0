import type { Generated } from 'kysely'
import type { DeliveryStatus, ProviderName } from '@sms-gateway/domain/provider'
import type { Timestamp } from './timestamp.ts'

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
  /** What the provider takes for it; null of those that were taken before there was a price book. */
  charge_milli: Generated<number | null>
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
  /** As it came; blank where nothing is held about the person. */
  body_cipher: Buffer
  /** The hash of the number that it names. */
  recipient_hash: Buffer | null
}
