import { z } from 'zod'
import { CALLBACK_EVENT_TYPES } from '@sms-gateway/domain/callback-event'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { MessageResponse } from './message-response.ts'

const Moment = z.iso.datetime({ offset: true })
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
  type: z.enum(CALLBACK_EVENT_TYPES),
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
