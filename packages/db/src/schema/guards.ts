import type { Timestamp } from './timestamp.ts'

export interface RecentTextTable {
  /** A keyed hash of client, number and text. */
  key: Buffer
  message_id: string
  until: Timestamp
}

export interface FrequencyTurnTable {
  message_id: string
  recipient_hash: Buffer
  kind: 'marketing' | 'service'
  at: Timestamp
  until: Timestamp
}

export interface OtpMinuteTable {
  key: Buffer
  minute: Timestamp
  count: number
}

export interface OtpRunTable {
  key: Buffer
  length: number
  at: Timestamp
}
