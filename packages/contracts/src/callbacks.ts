import { z } from 'zod'
import { CALLBACK_EVENT_TYPES } from '@sms-gateway/domain/callback-event'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { MessageResponse } from './message-response.ts'

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

const Phone = z.string()

/** A text came from somebody this client has written to. */
export const InboundCallback = z.strictObject({
  type: z.literal('message.inbound'),
  timestamp: Moment,
  data: z.strictObject({
    inbound: z.strictObject({
      id: z.uuid(),
      from: Phone,
      to: Phone.nullable(),
      text: z.string(),
      media_urls: z.array(z.string()),
      customer_id: z.string().nullable(),
      /** The message it follows. */
      message_id: z.uuid().nullable(),
      received_at: Moment,
    }),
  }),
})
export type InboundCallback = z.infer<typeof InboundCallback>

/** A number this client has written to opted out, or in again. */
export const RecipientCallback = z.strictObject({
  type: z.enum(['recipient.opted_out', 'recipient.opted_in']),
  timestamp: Moment,
  data: z.strictObject({
    recipient: z.strictObject({
      phone: Phone,
      channel: z.string(),
      kind: z.string(),
      /** How it is known: `keyword`, the provider, an operator ... */
      source: z.string(),
      reason: z.string().nullable(),
      /** When the person said so. */
      at: Moment,
    }),
  }),
})
export type RecipientCallback = z.infer<typeof RecipientCallback>

/** What a message became, as a receiver gets it: Standard Webhooks' envelope round the message of the API. */
export const MessageCallback = z.strictObject({
  type: EventType,
  /** When it happened; the header has when it was sent. */
  timestamp: Moment,
  data: z.strictObject({
    event: z.strictObject({
      status: z.enum(MESSAGE_STATUSES),
      at: Moment,
      /** Of two events of a message the one of the lower rank is the older; of the same rank, that of the lower position. */
      rank: z.int(),
      /** Its place in the message's timeline, from 1. */
      position: z.int(),
    }),
    /** As it is when it is sent, which may be further than the event. */
    message: MessageResponse,
  }),
})
export type MessageCallback = z.infer<typeof MessageCallback>
