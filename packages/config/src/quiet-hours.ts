import { z } from 'zod'
import { isTimeZone, readQuietHours } from '@sms-gateway/domain/quiet-hours'
import type { QuietPolicy } from '@sms-gateway/domain/quiet-policy'
import { list, parsed, type Values } from '@sms-gateway/service-kit/environment-variables'

const QuietHours = z.string().transform((value, ctx) => {
  const window = readQuietHours(value)
  if (window !== undefined) return window
  ctx.addIssue({ code: 'custom', message: 'no quiet hours' })
  return z.NEVER
})

const DEFAULT_WINDOW = { startMinute: 21 * 60, endMinute: 8 * 60 }

export const quietVariables = {
  SMS_QUIET_HOURS: parsed(QuietHours, {
    default: DEFAULT_WINDOW,
    form: 'HH:MM-HH:MM, or off',
    example: '21:00-08:00',
  }),
  SMS_TIMEZONE: parsed(z.string().refine(isTimeZone), {
    default: 'Asia/Taipei',
    form: 'an IANA time zone',
    example: 'Asia/Taipei',
  }),
  SMS_QUIET_HOURS_EXEMPT_TYPES: list({
    default: ['otp', 'emergency'],
    form: 'a JSON array of message types',
    example: '["otp","emergency"]',
  }),
}

export function toQuietPolicy(values: Values<typeof quietVariables>): QuietPolicy {
  return {
    window: values.SMS_QUIET_HOURS,
    timeZone: values.SMS_TIMEZONE,
    exemptTypes: values.SMS_QUIET_HOURS_EXEMPT_TYPES,
  }
}
