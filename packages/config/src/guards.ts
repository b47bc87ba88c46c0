import { z } from 'zod'
import { json, optional, type Values } from '@sms-gateway/service-kit/environment-variables'

const Cap = z.strictObject({
  count: z.int().min(1).max(1_000),
  hours: z.number().positive().max(744),
})

/** Off unless set. */
export const frequencyVariables = {
  SMS_FREQUENCY_CAPS: optional(
    json(z.strictObject({ marketing: Cap.optional(), service: Cap.optional() }), {
      form: 'a JSON object: for marketing and service, count and hours',
      example: '{"marketing":{"count":2,"hours":24}}',
    }),
  ),
}

export function toFrequencyCaps(values: Values<typeof frequencyVariables>) {
  return values.SMS_FREQUENCY_CAPS
}

const Limit = z.strictObject({
  count: z.int().min(1).max(1_000_000),
  minutes: z.int().min(1).max(1_440),
})
const Limits = z.strictObject({
  number: Limit.optional(),
  prefix: Limit.optional(),
  client: Limit.optional(),
  sequence: z.strictObject({ count: z.int().min(2).max(1_000) }).optional(),
})

/** Off unless set. */
export const fraudVariables = {
  SMS_FRAUD_LIMITS: optional(
    json(Limits, {
      form: 'a JSON object: for number, prefix and client, count and minutes; for sequence, count',
      example:
        '{"number":{"count":5,"minutes":10},"prefix":{"count":50,"minutes":10},"client":{"count":1000,"minutes":10},"sequence":{"count":5}}',
    }),
  ),
}

export function toFraudLimits(values: Values<typeof fraudVariables>) {
  return values.SMS_FRAUD_LIMITS
}
