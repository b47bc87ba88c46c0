import { z } from 'zod'
import { readDeliverWindow } from '@sms-gateway/domain/deliver-window'
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
