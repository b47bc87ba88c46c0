import { z } from 'zod'
import { CAMPAIGN_STATUSES } from '@sms-gateway/domain/campaign-status'
import { Lane } from '@sms-gateway/domain/lane'
import { ProviderName } from '@sms-gateway/domain/provider'

const At = z.iso.datetime({ offset: true })
const Count = z.int().min(0)

export const CampaignResponse = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(CAMPAIGN_STATUSES),
  reason: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  message_type: z.string(),
  priority: Lane,
  message: z.string().nullable(),
  template_code: z.string().nullable(),
  template_version: z.int().nullable(),
  customer_id: z.string().nullable(),
  deliver_between: z.string().nullable(),
  schedule_at: At.nullable(),
  time_zone: z.string(),
  cron: z.string().nullable(),
  next_run_at: At.nullable(),
  missed_after_seconds: z.int(),
  canary: z
    .strictObject({ percent: z.number(), at_least: z.int(), wait_minutes: z.int() })
    .nullable(),
  halt: z.strictObject({
    failure_rate: z.number().nullable(),
    opt_out_rate: z.number().nullable(),
    min_results: z.int(),
  }),
  run: Count.describe('The number of the run under way, or of the last'),
  counts: z.strictObject({
    recipients: Count,
    rejected: Count.describe('Rows that were not taken, and recipients refused later'),
    duplicates: Count,
    pending: Count.describe('Nothing was made for them yet'),
    handed: Count.describe('They have a message'),
    suppressed: Count,
    by_status: z.record(z.string(), Count).describe('Of the messages of this run'),
  }),
  progress: z.strictObject({
    percent: z.number(),
    per_minute: z.number().nullable(),
    seconds_left: Count.nullable(),
    is_canary: z.boolean().describe('Only the canary goes for now'),
  }),
  created_at: At,
  started_at: At.nullable(),
  stopped_at: At.nullable(),
  finished_at: At.nullable(),
  updated_at: At,
})
export type CampaignResponse = z.infer<typeof CampaignResponse>

/** In a list the messages are not counted. */
const CampaignInList = CampaignResponse.extend({
  counts: CampaignResponse.shape.counts.omit({ by_status: true }),
})
export type CampaignInList = z.infer<typeof CampaignInList>

export const CampaignsResponse = z.strictObject({
  data: z.array(CampaignInList),
  next_cursor: z.string().nullable(),
})
export type CampaignsResponse = z.infer<typeof CampaignsResponse>

/** `GET /campaigns/:id/estimate` */
export const EstimateResponse = z.strictObject({
  recipients: Count,
  suppressed: Count.describe('Opted out, or without the consent that is asked for'),
  held_at_start: Count.describe('They wait for their morning, or for deliver_between'),
  segments: Count,
  cost: z.array(
    z.strictObject({ provider: ProviderName, amount: z.string(), currency: z.string() }),
  ),
  starts_at: At,
  per_minute: z.number().nullable().describe('What the limits of today let through; null for all'),
  limited_by: z.string().nullable(),
  seconds: Count.nullable(),
  ends_at: At.nullable(),
})
export type EstimateResponse = z.infer<typeof EstimateResponse>

/** `GET /campaigns/:id/rejected-rows` */
export const RejectedRowsResponse = z.strictObject({
  data: z.array(
    z.strictObject({
      row: Count.describe('In the file, whose header is 1; of a JSON list the first is 1'),
      code: z.string(),
      detail: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
})
export type RejectedRowsResponse = z.infer<typeof RejectedRowsResponse>
