import { z } from 'zod'
import { CALLBACK_EVENT_TYPES } from '@sms-gateway/domain/callback-event'

const Moment = z.iso.datetime({ offset: true })
const EventType = z.enum(CALLBACK_EVENT_TYPES)
const MAX_URL_LENGTH = 1_000

/** `POST /callbacks`. Without `event_types`, all of them. */
export const CreateCallbackRequest = z.strictObject({
  url: z.string().min(1).max(MAX_URL_LENGTH),
  event_types: z
    .array(EventType)
    .min(1)
    .max(CALLBACK_EVENT_TYPES.length)
    .default([...CALLBACK_EVENT_TYPES]),
})

export const CallbackResponse = z.strictObject({
  id: z.uuid(),
  url: z.string(),
  event_types: z.array(EventType),
  status: z.enum(['active', 'disabled']),
  disabled_reason: z.string().nullable(),
  disabled_at: Moment.nullable(),
  /** Since when every try has failed. */
  failing_since: Moment.nullable(),
  /** It failed too often of late, or asked for it: nothing is tried before. */
  paused_until: Moment.nullable(),
  /** While it is to come, the secret before the last rotation signs too. */
  old_secret_until: Moment.nullable(),
  created_at: Moment,
  updated_at: Moment,
})
export type CallbackResponse = z.infer<typeof CallbackResponse>

/** The secret is shown here and never again. */
export const CallbackSecretResponse = CallbackResponse.extend({ secret: z.string() })

export const CallbacksResponse = z.strictObject({
  data: z.array(CallbackResponse),
  next_cursor: z.string().nullable(),
})

export const CallbackAttemptsResponse = z.strictObject({
  data: z.array(
    z.strictObject({
      event_id: z.uuid(),
      type: EventType,
      number: z.int(),
      at: Moment,
      latency_ms: z.int(),
      /** Null where there was no answer. */
      status: z.int().nullable(),
      error: z.string().nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
})
export type CallbackAttemptsResponse = z.infer<typeof CallbackAttemptsResponse>

const EventState = z.enum(['pending', 'delivering', 'delivered', 'failed', 'dropped'])

export const CallbackEventsResponse = z.strictObject({
  data: z.array(
    z.strictObject({
      event_id: z.uuid(),
      type: EventType,
      /** The message, or what else it is about. */
      subject_id: z.uuid(),
      occurred_at: Moment,
      state: EventState,
      attempts: z.int(),
      /** Of one that is pending. */
      next_attempt_at: Moment.nullable(),
      error: z.string().nullable(),
      settled_at: Moment.nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
})
export type CallbackEventsResponse = z.infer<typeof CallbackEventsResponse>

export const CallbackAttemptsQuery = z.object({ event_id: z.uuid().optional() })
export const CallbackEventsQuery = z.object({ state: EventState.optional() })

const When = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/** `POST /callbacks/:id/replay`: one event, or those of a window of time, `since` included and `until` not. */
export const ReplayCallbacksRequest = z.union([
  z.strictObject({ event_id: z.uuid() }),
  z.strictObject({
    since: When,
    until: When.optional(),
    /** Only what was given up, not what was answered with 2xx. */
    failed_only: z.boolean().default(false),
  }),
])

export const ReplayCallbacksResponse = z.strictObject({
  replayed: z.int(),
  /** Where the rest begins, if not all fitted into one call: ask again with it as `since`. */
  next_since: Moment.nullable(),
})
export type ReplayCallbacksResponse = z.infer<typeof ReplayCallbacksResponse>
