import { flag, integer, type Values } from '@sms-gateway/service-kit/environment-variables'

/** What answers people by itself. */
export const twoWayVariables = {
  SMS_TWILIO_ANSWERS_KEYWORDS: flag(true),
  SMS_AUTO_ANSWERS_PER_HOUR: integer({ default: 3, min: 0, max: 100 }),
}

export function toTwoWayConfig(values: Values<typeof twoWayVariables>) {
  return {
    twilioAnswersKeywords: values.SMS_TWILIO_ANSWERS_KEYWORDS,
    answersPerHour: values.SMS_AUTO_ANSWERS_PER_HOUR,
  }
}
