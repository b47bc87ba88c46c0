import { z } from 'zod'
import { ProviderName } from '@sms-gateway/domain/provider'
import { SenderName } from './sender-name.ts'

const Moment = z.iso.datetime({ offset: true })

export const ProviderResponse = z.strictObject({
  name: ProviderName,
  /** Switched on by the operators. */
  enabled: z.boolean(),
  circuit: z.strictObject({
    state: z.enum(['closed', 'open', 'half_open']),
    failures: z.int(),
    opened_at: Moment.nullable(),
    /** When the next probe may go, of an open one. */
    probe_at: Moment.nullable(),
    reason: z.string(),
  }),
  /** What submissions of the last minutes amounted to, over all dispatchers. */
  recent: z.strictObject({
    minutes: z.int(),
    attempts: z.int(),
    accepted: z.int(),
    success_rate: z.number().nullable(),
    latency_ms_mean: z.int().nullable(),
    latency_ms_max: z.int().nullable(),
  }),
  balance: z.strictObject({ amount: z.string(), currency: z.string(), at: Moment }).nullable(),
  /** 0 is none. */
  limits: z.strictObject({ per_second: z.int(), all_per_minute: z.int() }),
})
export type ProviderResponse = z.infer<typeof ProviderResponse>

export const ProviderEventResponse = z.strictObject({
  provider: ProviderName,
  at: Moment,
  state: z.string(),
  reason: z.string(),
  actor: z.string().nullable(),
})

/** Newest events of all providers come with the list: what changed, when and why. */
export const ProvidersResponse = z.strictObject({
  data: z.array(ProviderResponse),
  next_cursor: z.null(),
  events: z.array(ProviderEventResponse),
})
export type ProvidersResponse = z.infer<typeof ProvidersResponse>

export const ProviderAction = z.enum(['enable', 'disable', 'reset'])
export type ProviderAction = z.infer<typeof ProviderAction>

export const ProviderActionRequest = z
  .strictObject({ reason: z.string().trim().min(1).max(200).optional() })
  .optional()

/** A customer's own settings; what is left out stays as it is. */
export const CustomerSetting = z
  .strictObject({
    /** Where its recipient's night is. */
    time_zone: z.string().min(1).max(64).nullable().optional(),
    /** What its texts bear instead of the client's or the company's name. */
    sender_name: SenderName.nullable().optional(),
  })
  .refine((setting) => Object.keys(setting).length > 0, { error: 'give a setting' })
export const CustomerResponse = z.strictObject({
  customer_id: z.string(),
  time_zone: z.string().nullable(),
  sender_name: z.string().nullable(),
})
export type CustomerResponse = z.infer<typeof CustomerResponse>
