import { integer, type Values } from '@sms-gateway/service-kit/environment-variables'

const MAX_RATE = 1_000_000

/** 0 is no limit, everywhere. */
export const limitVariables = {
  SMS_RATE_LIMIT_PER_MINUTE: integer({ default: 60, min: 0, max: MAX_RATE }),
  SMS_TWILIO_RATE_PER_SECOND: integer({ default: 0, min: 0, max: MAX_RATE }),
  SMS_CHUNGHWA_RATE_PER_SECOND: integer({ default: 0, min: 0, max: MAX_RATE }),
  SMS_CUSTOMER_RATE_PER_MINUTE: integer({ default: 0, min: 0, max: MAX_RATE }),
}

export function toLimitConfig(values: Values<typeof limitVariables>) {
  return {
    allPerMinute: values.SMS_RATE_LIMIT_PER_MINUTE,
    perSecond: {
      twilio: values.SMS_TWILIO_RATE_PER_SECOND,
      chunghwa: values.SMS_CHUNGHWA_RATE_PER_SECOND,
    },
    customerPerMinute: values.SMS_CUSTOMER_RATE_PER_MINUTE,
  }
}
export type LimitConfig = ReturnType<typeof toLimitConfig>
