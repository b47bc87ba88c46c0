import type { SuppressionPolicy } from '@sms-gateway/domain/suppression'
import { flag, list, type Values } from '@sms-gateway/service-kit/environment-variables'

/** Asked at acceptance and again before each attempt: the services that do so must be told the same. */
export const suppressionVariables = {
  SMS_MARKETING_TYPES: list({
    default: ['promotion', 'marketing'],
    form: 'a JSON array of message types',
    example: '["promotion","marketing"]',
  }),
  SMS_REQUIRE_CONSENT: flag(false),
}

export function toSuppressionPolicy(
  values: Values<typeof suppressionVariables>,
): SuppressionPolicy {
  return {
    marketingTypes: values.SMS_MARKETING_TYPES,
    requireConsent: values.SMS_REQUIRE_CONSENT,
  }
}
