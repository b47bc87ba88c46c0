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
  /** In the texts of this client, instead of the company's name. */
  sender_name: string | null
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
  /** Addresses and networks it may be used from; none is everywhere. */
  allowed_addresses: Generated<string[]>
  rate_per_minute: number | null
  rotated_from: string | null
  /** Both or none: the person whose sign-ins this is. Nobody knows such a key. */
  oidc_issuer: string | null
  oidc_subject: string | null
}

export interface SessionTable {
  token_hash: Buffer
  key_id: string
  created_at: Timestamp
  /** To the minute. */
  last_seen_at: Timestamp
  expires_at: Timestamp
}

export interface CustomerSettingTable {
  client_id: string
  customer_id: string
  time_zone: string | null
  /** In the texts to this customer, instead of the client's. */
  sender_name: string | null
  updated_at: Generated<Date>
}
