import { z } from 'zod'
import { isDay } from '@sms-gateway/domain/local-days'
import { readPhone } from '@sms-gateway/domain/phone'

/** A day in `SMS_TIMEZONE`. */
export const Day = z.string().refine(isDay, { error: 'use a date such as 2026-01-31' })

export const DATES_IN_ORDER = {
  error: 'end_date is before start_date',
  path: ['end_date'],
}

export function areInOrder(dates: {
  start_date?: string | undefined
  end_date?: string | undefined
}): boolean {
  const { start_date: start, end_date: end } = dates
  return start === undefined || end === undefined || start <= end
}

export const Recipient = z.string().transform((text, ctx) => {
  const phone = readPhone(text)
  if (phone !== null) return phone
  ctx.addIssue({ code: 'custom', message: 'use a number such as 0912345678 or +886912345678' })
  return z.NEVER
})

export const CustomerFilter = z
  .string()
  .min(1)
  .max(100)
  .refine((id) => !id.includes('\0'), { error: 'use no NUL' })
