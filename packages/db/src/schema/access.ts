import type { Generated } from 'kysely'
import type { Timestamp } from './timestamp.ts'

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

export interface CustomerSettingTable {
  client_id: string
  customer_id: string
  time_zone: string
  updated_at: Generated<Date>
}
