import type { Generated } from 'kysely'
import type { CallbackEventType } from '@sms-gateway/domain/callback-event'
import type { Timestamp } from './timestamp.ts'

export interface CallbackTable {
  id: string
  client_id: string
  /** `deleted` until the last of its events is. */
  state: Generated<'active' | 'disabled' | 'deleted'>
  /** Sealed: the address itself may be a secret. */
  url_cipher: Buffer
  event_types: CallbackEventType[]
  secret_cipher: Buffer
  old_secret_cipher: Buffer | null
  old_secret_until: Timestamp | null
  disabled_reason: string | null
  disabled_at: Timestamp | null
  failures: Generated<number>
  failing_since: Timestamp | null
  paused_until: Timestamp | null
  created_at: Timestamp
  updated_at: Timestamp
}

export type CallbackEventState = 'pending' | 'delivering' | 'delivered' | 'failed' | 'dropped'

/** The outbox: which event goes to which callback. Its payload is made when it goes. */
export interface CallbackEventTable {
  /** The `webhook-id`. */
  id: Generated<string>
  callback_id: string
  type: CallbackEventType
  /** The message, or what else the type speaks of. */
  subject_id: string
  occurred_at: Timestamp
  state: Generated<CallbackEventState>
  /** All there ever were; of the newest one its owner alone may settle it. */
  attempts: Generated<number>
  /** Those before its last replay. */
  attempts_before: Generated<number>
  due_at: Generated<Date>
  expires_at: Generated<Date>
  claimed_until: Timestamp | null
  error: string | null
  settled_at: Timestamp | null
}

export interface CallbackAttemptTable {
  event_id: string
  number: number
  id: Generated<number>
  callback_id: string
  at: Timestamp
  latency_ms: number
  status: number | null
  error: string | null
}
