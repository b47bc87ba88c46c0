import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { PermissionKind } from '@sms-gateway/domain/suppression'
import type { Timestamp } from './timestamp.ts'

export interface OptOutTable {
  recipient_hash: Buffer
  channel: string
  kind: PermissionKind
  /** Null once the person was erased: the hash alone goes on stopping messages. */
  recipient_cipher: Buffer | null
  source: string
  reason: string | null
  created_at: ColumnType<Date, Date | undefined, never>
  /** In the order of coming: what pages are cut by. */
  position: GeneratedAlways<number>
}

/** What stands now, of each kind; what stood before is in `permission_event`. */
export interface ConsentTable {
  recipient_hash: Buffer
  channel: string
  kind: PermissionKind
  granted: boolean
  recipient_cipher: Buffer | null
  source: string
  wording_version: string
  proof_cipher: Buffer | null
  /** Keyed: tells the same proof from another without opening it. */
  proof_hash: Buffer | null
  actor: string | null
  at: Timestamp
  position: GeneratedAlways<number>
}

export const PERMISSION_CHANGES = [
  'opted-out',
  'opt-out-lifted',
  'consent-granted',
  'consent-revoked',
] as const
export type PermissionChange = (typeof PERMISSION_CHANGES)[number]

/** Each change of an opt-out or a consent; rows are only ever added. */
export interface PermissionEventTable {
  id: string
  recipient_hash: Buffer
  recipient_cipher: Buffer | null
  channel: string
  kind: PermissionKind
  change: PermissionChange
  source: string
  reason: string | null
  wording_version: string | null
  proof_cipher: Buffer | null
  /** Whose key asked for it. */
  actor: string | null
  /** When the person said so. */
  at: Timestamp
  recorded_at: Generated<Date>
}
