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
