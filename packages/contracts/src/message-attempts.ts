import { z } from 'zod'
import { ATTEMPT_STATES } from '@sms-gateway/domain/attempt-result'
import { CALLBACK_EVENT_TYPES } from '@sms-gateway/domain/callback-event'
import { ProviderName } from '@sms-gateway/domain/provider'

const Moment = z.iso.datetime({ offset: true })

const Attempt = z.strictObject({
  number: z.int(),
  provider: ProviderName,
  /** `open` while it is out there; `accepted` or `partial` where the provider took it; else why not. */
  state: z.enum(ATTEMPT_STATES),
  opened_at: Moment,
  settled_at: Moment.nullable(),
  error_code: z.string().nullable(),
  error_detail: z.string().nullable(),
  /** When the provider is asked what became of it. */
  check_at: Moment.nullable(),
  checks: z.int(),
  /** The plan of smart routing that was in force; null without it. */
  plan: z.strictObject({ preferred: z.string(), reason: z.string(), at: Moment }).nullable(),
  /** The other providers that were not used then. */
  outages: z.array(
    z.strictObject({ provider: ProviderName, state: z.string(), reason: z.string(), at: Moment }),
  ),
})

const Receipt = z.strictObject({
  provider: ProviderName,
  provider_message_id: z.string(),
  attempt: z.int(),
  part: z.int(),
  parts: z.int(),
  status: z.string(),
  error_code: z.string().nullable(),
  detail: z.string().nullable(),
  occurred_at: Moment.nullable(),
  received_at: Moment,
  /** Its fields as they came; a null is hidden. Null altogether once the person was erased. */
  fields: z.array(z.strictObject({ name: z.string(), value: z.string().nullable() })).nullable(),
})

const Callback = z.strictObject({
  event_id: z.uuid(),
  callback_id: z.uuid(),
  type: z.enum(CALLBACK_EVENT_TYPES),
  occurred_at: Moment,
  state: z.enum(['pending', 'delivering', 'delivered', 'failed', 'dropped']),
  attempts: z.int(),
  error: z.string().nullable(),
  settled_at: Moment.nullable(),
})

/** `GET /messages/:id/attempts`: what was done for a message, and what came back. */
export const MessageAttemptsResponse = z.strictObject({
  attempts: z.array(Attempt),
  receipts: z.array(Receipt),
  callbacks: z.array(Callback),
})
export type MessageAttemptsResponse = z.infer<typeof MessageAttemptsResponse>
