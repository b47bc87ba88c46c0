import { z } from 'zod'
import { MessageId } from '@sms-gateway/domain/ids'
import { ProviderName } from '@sms-gateway/domain/provider'
import { areInOrder, DATES_IN_ORDER, Day } from './filters.ts'

const Moment = z.iso.datetime({ offset: true })

export const FAILED_COLUMNS = ['error_code', 'provider', 'message_type'] as const
const FailedColumn = z.enum(FAILED_COLUMNS)

/** `GET /failed`: by which things they are grouped, with commas between them. */
export const FailedQuery = z
  .strictObject({
    start_date: Day.optional(),
    end_date: Day.optional(),
    group_by: z
      .string()
      .default('error_code,provider')
      .transform((text) => [...new Set(text.split(','))])
      .pipe(z.array(FailedColumn)),
  })
  .refine(areInOrder, DATES_IN_ORDER)
export type FailedQuery = z.output<typeof FailedQuery>

const FailedGroup = z.strictObject({
  /** Left out where it is not grouped by it; null of messages that have none. */
  error_code: z.string().nullable().optional(),
  provider: ProviderName.nullable().optional(),
  message_type: z.string().optional(),
  count: z.int().min(1),
  /** What the newest of them says. */
  error_detail: z.string().nullable(),
  oldest_at: Moment,
  newest_at: Moment,
  /** The newest, at most five. */
  sample_ids: z.array(MessageId),
})

/** The failed messages that `POST /failed/retry` would send again, by cause; the largest groups first. */
export const FailedResponse = z.strictObject({
  data: z.array(FailedGroup),
  /** Only the newest 10,000 are counted: there are more of them, or more groups than the 200 that are listed. */
  has_more: z.boolean(),
})
export type FailedResponse = z.infer<typeof FailedResponse>
