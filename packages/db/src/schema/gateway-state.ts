import type { Timestamp } from './timestamp.ts'

/** One row at most: without it the gateway runs. */
export interface GatewayStateTable {
  state: 'running' | 'paused'
  reason: string
  restored_to: Timestamp | null
  changed_at: Timestamp
}
