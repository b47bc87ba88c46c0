import type { ColumnType, Generated } from 'kysely'
import type { CampaignStatus } from '@sms-gateway/domain/campaign-status'
import type { Lane } from '@sms-gateway/domain/lane'
import type { Timestamp } from './timestamp.ts'

type Json = ColumnType<unknown, string | null, string | null>

export interface CampaignTable {
  id: string
  client_id: string
  name: string
  status: CampaignStatus
  /** Why it is where it is, where that is not plain: `failure-rate`, `missed`. */
  reason_code: string | null
  reason_detail: string | null
  message_type: string
  lane: Lane
  template_code: string | null
  /** Pinned: everybody gets what was checked when the campaign was made. */
  template_version: number | null
  /** The text, sealed, of one without a template. */
  content_cipher: Buffer | null
  /** Of recipients that name none. */
  customer_id: string | null
  deliver_from: number | null
  deliver_to: number | null
  time_zone: string
  schedule_at: Timestamp | null
  cron: string | null
  next_run_at: Timestamp | null
  missed_after_seconds: number
  canary: Json
  thresholds: Json
  recipients: Generated<number>
  /** Rows of the upload that could not be taken. */
  rejects: Generated<number>
  duplicates: Generated<number>
  segments: Generated<number>
  /** The number of the run that is under way or was last; 0 before the first. */
  run: Generated<number>
  handed: Generated<number>
  suppressed: Generated<number>
  refused: Generated<number>
  /** The messages of this run have ids from here on; null in the first. */
  run_floor: string | null
  /** Only the canary goes for now. */
  canary_open: Generated<boolean>
  canary_handed_at: Timestamp | null
  /** Results before the last resume: they were judged, and forgiven. */
  judged_from: Json
  pace: Json
  started_at: Timestamp | null
  /** When it was paused or halted. */
  stopped_at: Timestamp | null
  finished_at: Timestamp | null
  stepped_at: ColumnType<Date, Date | undefined, Date>
  judge_at: ColumnType<Date, Date | undefined, Date>
  /** Null while its recipients are still being stored: nobody sees it before. */
  loaded_at: Timestamp | null
  touched_at: ColumnType<Date, Date | undefined, Date>
  created_at: Timestamp
  updated_at: Timestamp
}

export const RECIPIENT_STATES = ['pending', 'handed', 'suppressed', 'rejected'] as const
export type RecipientState = (typeof RECIPIENT_STATES)[number]

export interface CampaignRecipientTable {
  campaign_id: string
  row_number: number
  recipient_hash: Buffer
  sealed: Buffer
  customer_id: string | null
  segments: number
  done_run: Generated<number>
  due_at: Generated<Date>
  state: Generated<RecipientState>
  reason: string | null
  message_id: string | null
}

export interface CampaignRejectTable {
  campaign_id: string
  row_number: number
  code: string
  detail: string
}

export interface CampaignUploadTable {
  campaign_id: string
  part: number
  sealed: Buffer
  stored_at: Generated<Date>
}

export interface CampaignRunTable {
  campaign_id: string
  run: number
  outcome: 'finished' | 'missed'
  due_at: Timestamp | null
  started_at: Timestamp | null
  ended_at: Timestamp
  handed: number
  suppressed: number
  refused: number
  id: Generated<number>
}
