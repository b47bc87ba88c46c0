import { z } from 'zod'
import { CAMPAIGN_STATUSES } from '@sms-gateway/domain/campaign-status'
import { readDeliverWindow } from '@sms-gateway/domain/deliver-window'
import { Lane } from '@sms-gateway/domain/lane'
import { ProviderName } from '@sms-gateway/domain/provider'
import { BulkRecipient, documented } from './bulk-request.ts'
import { hasOneContent, ONE_CONTENT, Phone, SHARED_FIELDS } from './send-request.ts'
import { TemplateData } from './templates.ts'

const MAX_JSON_RECIPIENTS = 10_000
const DAY_SECONDS = 86_400
const MAX_MISSED_AFTER_SECONDS = 366 * DAY_SECONDS

const Share = z.number().min(0).max(1)

const Canary = z
  .strictObject({
    percent: z.number().min(0).max(100),
    at_least: z.int().min(1).max(1_000_000).default(100),
    wait_minutes: z.int().min(0).max(1_440).default(5),
  })
  .nullable()
  .describe('A share that goes first, alone; null for none')

const Thresholds = z.strictObject({
  failure_rate: Share.nullable().optional(),
  opt_out_rate: Share.nullable().optional(),
  min_results: z.int().min(1).max(1_000_000).optional(),
})

/** RFC 3339, or without an offset what the clocks of `time_zone` show. */
const Moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?$/i,
    'use a moment such as 2026-01-31T09:00:00+08:00, or without the offset beside time_zone',
  )
const TimeZone = z.string().min(1).max(64).describe('IANA, such as Asia/Taipei')
const Cron = z.string().max(100).describe('Five fields, by the clocks of time_zone')
const MissedAfterSeconds = z.int().min(0).max(MAX_MISSED_AFTER_SECONDS)

const { message, template_code, message_type, customer_id, priority } = SHARED_FIELDS

/** What an upload says beside its file. */
const CAMPAIGN_FIELDS = {
  name: z.string().trim().min(1).max(100),
  message,
  template_code,
  message_type,
  customer_id: customer_id.describe('Of recipients that name none'),
  priority: priority.describe('bulk where none is given'),
  draft: z.boolean().default(false),
  schedule_at: Moment.optional(),
  time_zone: TimeZone.optional(),
  cron: Cron.optional(),
  missed_after_seconds: MissedAfterSeconds.default(DAY_SECONDS),
  deliver_between: z
    .string()
    .refine((text) => readDeliverWindow(text) !== undefined, { error: 'use HH:MM-HH:MM' })
    .optional(),
  canary: Canary.optional(),
  halt: Thresholds.default({}),
}

const NOT_BOTH_TIMES = {
  error: 'give schedule_at for one run, or cron for many',
  path: ['cron'],
}

function hasOneTime(fields: { schedule_at?: unknown; cron?: unknown }): boolean {
  return fields.schedule_at === undefined || fields.cron === undefined
}

/** Everything but the recipients. */
export type CampaignFields = Omit<CampaignForm, 'column_map'>

/** The fields of an upload, once those that are no texts are read. */
export const CampaignForm = z
  .strictObject({
    ...CAMPAIGN_FIELDS,
    column_map: z.record(z.string().max(200), z.string().max(200)).default({}),
  })
  .refine(hasOneContent, ONE_CONTENT)
  .refine(hasOneTime, NOT_BOTH_TIMES)
export type CampaignForm = z.output<typeof CampaignForm>

/** `POST /campaigns` as JSON. */
export const CampaignRequest = z
  .strictObject({
    recipients: z
      .array(z.unknown().meta(documented(BulkRecipient)))
      .min(1)
      .max(MAX_JSON_RECIPIENTS),
    ...CAMPAIGN_FIELDS,
  })
  .refine(hasOneContent, ONE_CONTENT)
  .refine(hasOneTime, NOT_BOTH_TIMES)
export type CampaignRequest = z.output<typeof CampaignRequest>

/** `POST /campaigns/:id/test-send`: to the given number, with these values or those of the first recipient. */
export const TestSendRequest = z.strictObject({ phone: Phone, data: TemplateData.optional() })

/** `PUT /campaigns/:id/schedule`: another time for one that has not begun. */
export const ScheduleRequest = z
  .strictObject({
    schedule_at: Moment.optional(),
    cron: Cron.optional(),
    time_zone: TimeZone.optional(),
    missed_after_seconds: MissedAfterSeconds.optional(),
  })
  .refine(({ schedule_at: at, cron }) => (at === undefined) !== (cron === undefined), {
    error: 'give either schedule_at or cron',
    path: ['schedule_at'],
  })
export type ScheduleRequest = z.output<typeof ScheduleRequest>

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
