import type { Generated } from 'kysely'

export interface OptOutTable {
  recipient_hash: Buffer
  channel: string
  kind: string
  recipient_cipher: Buffer
  source: string
  reason: string | null
  created_at: Generated<Date>
}
