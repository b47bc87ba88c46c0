import { z } from 'zod'
import { ProviderName } from '@sms-gateway/domain/provider'
import { ResolveAction } from '@sms-gateway/domain/resolve-by-hand'

export const ResolveRequest = z.strictObject({ action: ResolveAction })

const Day = z.iso.date({ error: 'use a date such as 2026-01-31' })

/** `POST /failed/retry`: contract.md, 3. Dates are days in `SMS_TIMEZONE`, both included. */
export const RetryFailedRequest = z
  .strictObject({
    error_code: z.string().min(1).max(100).optional(),
    provider: ProviderName.optional(),
    start_date: Day.optional(),
    end_date: Day.optional(),
    dry_run: z.boolean().default(false),
    per_minute: z.int().min(1).max(60_000).optional(),
    start_at: z.iso
      .datetime({ offset: true, error: 'use RFC 3339 with an offset' })
      .transform((text) => new Date(text))
      .optional()
      .describe(
        'When the first goes, at a rate: one call after the other keeps it over all of them',
      ),
  })
  .refine(({ start_date: first, end_date: last }) => !first || !last || first <= last, {
    error: 'end_date is before start_date',
    path: ['end_date'],
  })
  .refine(({ start_at: at, per_minute: rate }) => at === undefined || rate !== undefined, {
    error: 'goes with per_minute',
    path: ['start_at'],
  })

export const RetryFailedResponse = z.strictObject({
  count: z.int().min(0).describe('Failed messages that match, before this call'),
  retried: z.int().min(0),
  remaining: z.int().min(0).describe('More than one call takes: call again'),
  last_at: z.string().nullable().describe('When the last of them goes'),
})
export type RetryFailedResponse = z.output<typeof RetryFailedResponse>
