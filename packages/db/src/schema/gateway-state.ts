import type { Generated } from 'kysely'
import type { Timestamp } from './timestamp.ts'

/** One row at most: without it the gateway runs. */
export interface GatewayStateTable {
  /** There is one row at most. */
  one: Generated<boolean>
  state: 'running' | 'paused'
  reason: string
  restored_to: Timestamp | null
  changed_at: Timestamp
  /** Of the last time that it stood still. */
  paused_at: Timestamp | null
  resumed_at: Timestamp | null
  /** The API key, or the command, that changed it last. */
  actor: string | null
}
