import { z } from 'zod'
import { DEFAULT_DOUBT_POLICIES, DoubtPolicies } from '@sms-gateway/domain/in-doubt-policy'
import type { ProviderName as Name } from '@sms-gateway/domain/provider'
import { ProviderName } from '@sms-gateway/domain/provider'
import type { Values } from '@sms-gateway/service-kit/environment-variables'
import {
  integer,
  json,
  list,
  oneOf,
  optional,
} from '@sms-gateway/service-kit/environment-variables'

export const routingVariables = {
  SMS_PRIMARY_PROVIDER: oneOf(['twilio', 'chunghwa'], 'twilio'),
  SMS_FALLBACK_PROVIDERS: json<Name[]>(z.array(ProviderName), {
    default: ['chunghwa'],
    form: `a JSON array of ${ProviderName.options.join(', ')}`,
    example: '["chunghwa"]',
  }),
  SMS_ROUTING: oneOf(['priority', 'cost', 'smart'], 'priority'),
  SMS_MAX_ATTEMPTS: integer({ default: 3, min: 1, max: 20 }),
  SMS_RETRY_BASE_MS: integer({ default: 500, min: 1, max: 60_000 }),
  SMS_RETRY_MAX_MS: integer({ default: 30_000, min: 1, max: 3_600_000 }),
  SMS_IN_DOUBT_POLICY: json(DoubtPolicies, {
    default: DEFAULT_DOUBT_POLICIES,
    form: 'a JSON object of message type to hold or failover, * for the others',
    example: '{"otp":"failover","*":"hold"}',
  }),
  SMS_ALLOWED_RECIPIENTS: optional(
    list({
      form: 'a JSON array of the only numbers that are really sent to',
      example: '["+886912345678"]',
    }),
  ),
}

export function toRoutingOrder(
  values: Pick<
    Values<typeof routingVariables>,
    'SMS_ROUTING' | 'SMS_PRIMARY_PROVIDER' | 'SMS_FALLBACK_PROVIDERS'
  >,
) {
  const order: Name[] = [values.SMS_PRIMARY_PROVIDER, ...values.SMS_FALLBACK_PROVIDERS]
  return { mode: values.SMS_ROUTING, order: [...new Set(order)] }
}

export function toRoutingConfig(values: Values<typeof routingVariables>) {
  return {
    ...toRoutingOrder(values),
    policy: {
      retry: {
        maxAttempts: values.SMS_MAX_ATTEMPTS,
        baseMs: values.SMS_RETRY_BASE_MS,
        maxMs: values.SMS_RETRY_MAX_MS,
      },
      doubt: values.SMS_IN_DOUBT_POLICY,
    },
    allowedRecipients: values.SMS_ALLOWED_RECIPIENTS,
  }
}
