import type { Generated } from 'kysely'
import type { Circuit } from '@sms-gateway/domain/circuit'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Timestamp } from './timestamp.ts'

export interface ProviderStateTable {
  provider: ProviderName
  enabled: Generated<boolean>
  balance: string | null
  balance_currency: string | null
  balance_at: Timestamp | null
  circuit: Generated<Circuit['state']>
  failures: Generated<number>
  opened_at: Timestamp | null
  probe_until: Timestamp | null
  reason: Generated<string>
  updated_at: Generated<Date>
}

/** Each change of a provider's circuit or switch, with its reason. */
export interface ProviderEventTable {
  id: Generated<number>
  provider: ProviderName
  at: Timestamp
  state: string
  reason: string
  actor: string | null
}

/** What submissions amounted to, a minute: so that nobody counts rows of the hot tables. */
export interface ProviderMinuteTable {
  provider: ProviderName
  minute: Timestamp
  outcome: string
  attempts: number
  /** The sum over the attempts. */
  latency_ms: number
  latency_ms_max: number
}

/** When the next turn of a shared limit is, where there is no Redis. */
export interface RateTurnTable {
  id: string
  next_at: Timestamp
}
