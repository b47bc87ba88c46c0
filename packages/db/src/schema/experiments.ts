import type { ExperimentEnd, ExperimentMetric, HoldOutGets } from '@sms-gateway/domain/experiment'
import type { Timestamp } from './timestamp.ts'

export interface ExperimentTable {
  /** UUIDv7. */
  id: string
  code: string
  version: number
  metric: ExperimentMetric
  hold_out: number
  hold_out_gets: HoldOutGets
  control: string
  alpha: number
  window_hours: number
  auto_promote: boolean
  author: string
  started_at: Timestamp
  /** When the scheduler last judged it, or is judging it. */
  looked_at: Timestamp
  winner: string | null
  decided_at: Timestamp | null
  ended_at: Timestamp | null
  end_reason: ExperimentEnd | null
}
