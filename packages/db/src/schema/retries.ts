import type { Timestamp } from './timestamp.ts'

/** The message that goes in the stead of one that failed: at most one. */
export interface MessageRetryTable {
  message_id: string
  retry_id: string
  created_at: Timestamp
}
