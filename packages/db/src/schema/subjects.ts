import type { Generated } from 'kysely'

/** One row a person of whom anything is held. Kept apart from back-ups. */
export interface SubjectKeyTable {
  recipient_hash: Buffer
  /** Stands in all that it has sealed. */
  key_id: Buffer
  key_cipher: Buffer
  created_at: Generated<Date>
}
