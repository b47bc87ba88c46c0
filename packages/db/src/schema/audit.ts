import type { Timestamp } from './timestamp.ts'

/** One row a read of personal data or a change, chained to the one before by its hash. */
export interface AuditTable {
  seq: number
  at: Timestamp
  client_id: string | null
  key_id: string | null
  action: string
  subject_kind: string | null
  subject: string | null
  request_id: string | null
  outcome: string
  hash: Buffer
}

/** The end of the chain (`head`), and the last row that was dropped from its beginning (`start`). */
export interface AuditMarkTable {
  kind: 'head' | 'start'
  seq: number
  hash: Buffer
  mac: Buffer
  at: Timestamp
}
