import { z } from 'zod'
import { MessageId } from '@sms-gateway/domain/ids'
import type { Message } from '@sms-gateway/domain/message'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { ProviderName } from '@sms-gateway/domain/provider'
import { areInOrder, CustomerFilter, DATES_IN_ORDER, Day, Recipient } from './filters.ts'
import { MessageResponse, toMessageResponse } from './message-response.ts'
import { TemplateCode } from './templates.ts'

/** `GET /logs`: what narrows it. Without any, all messages that the key may see. */
export const LogFilters = z
  .strictObject({
    start_date: Day.optional(),
    end_date: Day.optional(),
    status: z.enum(MESSAGE_STATUSES).optional(),
    hold_reason: z.string().min(1).max(50).optional(),
    provider: ProviderName.optional(),
    phone: Recipient.optional(),
    message_type: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,49}$/, 'use a lower-case word such as order_confirmation')
      .optional(),
    template_code: TemplateCode.optional(),
    customer_id: CustomerFilter.optional(),
    campaign_id: z.uuid().optional(),
    batch_id: z.uuid().optional(),
    in_doubt: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional(),
  })
  .refine(areInOrder, DATES_IN_ORDER)
export type LogFilters = z.output<typeof LogFilters>

/** JSON a page at a time, or all of it as CSV. */
export const LogFormat = z.enum(['json', 'csv'])
export const LogCursor = MessageId

/** Of a message in doubt: nobody knows whether its newest submission was taken. */
const DoubtResponse = z.strictObject({
  provider: ProviderName,
  since: z.iso.datetime({ offset: true }),
  /** The provider is asked; or nobody can be asked, and its receipt, or the lack of one, will tell. */
  policy: z.enum(['look-up', 'hold']),
  /** When it is asked again; null under `hold`. */
  next_check_at: z.iso.datetime({ offset: true }).nullable(),
  /** How many times it was asked. */
  checks: z.int(),
})

/** A message without its timeline. */
export const LogEntry = MessageResponse.omit({ events: true }).extend({
  /** Only of one in doubt. */
  doubt: DoubtResponse.optional(),
})
export type LogEntry = z.infer<typeof LogEntry>

export const LogsResponse = z.strictObject({
  data: z.array(LogEntry),
  next_cursor: z.string().nullable(),
})
export type LogsResponse = z.infer<typeof LogsResponse>

export interface OpenDoubt {
  provider: ProviderName
  since: Date
  checkAt: Date | null
  checks: number
}

export function toLogEntry(message: Message, doubt?: OpenDoubt): LogEntry {
  const { events: _timeline, ...entry } = toMessageResponse(message)
  return { ...entry, ...(doubt && { doubt: toDoubt(doubt) }) }
}

function toDoubt({ provider, since, checkAt, checks }: OpenDoubt): LogEntry['doubt'] {
  return {
    provider,
    since: since.toISOString(),
    policy: checkAt ? 'look-up' : 'hold',
    next_check_at: checkAt?.toISOString() ?? null,
    checks,
  }
}
