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

/** A message without its timeline. */
export const LogEntry = MessageResponse.omit({ events: true })
export type LogEntry = z.infer<typeof LogEntry>

export const LogsResponse = z.strictObject({
  data: z.array(LogEntry),
  next_cursor: z.string().nullable(),
})
export type LogsResponse = z.infer<typeof LogsResponse>

export function toLogEntry(message: Message): LogEntry {
  const { events: _timeline, ...entry } = toMessageResponse(message)
  return entry
}
