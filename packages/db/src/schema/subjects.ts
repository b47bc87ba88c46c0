import type { Generated } from 'kysely'
import type { Timestamp } from './timestamp.ts'

/** One row a person of whom anything is held. Kept apart from back-ups. */
export interface SubjectKeyTable {
  recipient_hash: Buffer
  /** Stands in all that it has sealed. */
  key_id: Buffer
  key_cipher: Buffer
  created_at: Generated<Date>
  /** Nothing was held about the person then; a while later the key goes, unless it is asked for before. */
  retired_at: Timestamp | null
}

/** A person's data was erased, or is being erased. Kept for good: a back-up may be older than any of these. */
export interface ErasureTable {
  /** What the person is given as the proof. */
  id: string
  recipient_hash: Buffer
  /** Of the key that was destroyed: a later one of the same person is not touched by a replay. */
  key_id: Buffer | null
  requested_at: Generated<Date>
  /** Nothing is left to read. */
  erased_at: Timestamp | null
  /** Nothing that was on its way then can turn up any more. */
  closed_at: Timestamp | null
  messages: Generated<number>
  cancelled: Generated<number>
  inbound: Generated<number>
}
