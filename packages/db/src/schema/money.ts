import type { Generated } from 'kysely'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Timestamp } from './timestamp.ts'

export interface PriceTable {
  provider: ProviderName
  /** ISO 3166, or `*`. */
  country: string
  valid_from: Timestamp
  milli: number
}

export const ENTRY_KINDS = ['carried', 'reserve', 'settle', 'release', 'adjust'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** What a change of a message did to the money, appended by triggers: see migration 0016. */
export interface MoneyEntryTable {
  message_id: string
  id: Generated<number>
  kind: EntryKind
  messages: number
  reserved: number
  spent: number
  /** The counters that it was counted on. */
  counters: number[] | null
  at: Timestamp
}

/** The nil UUID is "each" or "all" clients, `''` "no key", `*` "each". */
export interface BudgetTable {
  id: string
  scope: 'client' | 'customer' | 'message_type' | 'all'
  client_id: string
  key: string
  period: 'day' | 'month'
  unit: 'messages' | 'money'
  hard: boolean
  amount: number
  /** False: by a key of the client itself, without the scope `admin`. */
  set_by_admin: Generated<boolean>
  created_at: Timestamp
  updated_at: Timestamp
}

/** Budgets that share their counters: see migration 0021. */
export interface BudgetFamilyTable {
  scope: BudgetTable['scope']
  client_id: string
  key: string
  period: BudgetTable['period']
  unit: BudgetTable['unit']
  set_at: Timestamp
  state: 'counting' | 'settling' | 'counted'
}

/** What a batch has taken of a counter, until its messages are stored. */
export interface BudgetHoldTable {
  batch_id: string
  counter_id: number
  amount: number
  created_at: Timestamp
}

export interface BudgetCounterTable {
  id: Generated<number>
  scope: BudgetTable['scope']
  client_id: string
  key: string
  period: BudgetTable['period']
  period_start: string
  unit: BudgetTable['unit']
  /** What was there before the counter. */
  base: number
  used: number
}

export interface BudgetAlertTable {
  id: Generated<number>
  counter_id: number
  hard: boolean
  amount: number
  percent: number
  used: number
  at: Timestamp
  /** When it was written to the log. */
  told_at: Timestamp | null
}
