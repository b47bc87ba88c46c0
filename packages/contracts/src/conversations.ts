import { z } from 'zod'
import { KEYWORDS } from '@sms-gateway/domain/keywords'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { ProviderName } from '@sms-gateway/domain/provider'
import { areInOrder, CustomerFilter, DATES_IN_ORDER, Day, Recipient } from './filters.ts'
import { MessageResponse } from './message-response.ts'
import { SendRequest } from './send-request.ts'

const Moment = z.iso.datetime({ offset: true })

export const InboundId = z.uuidv7({ error: 'use the id of an inbound text' })

/** `GET /inbound`: what narrows it. */
export const InboundFilters = z
  .strictObject({
    id: InboundId.optional(),
    start_date: Day.optional(),
    end_date: Day.optional(),
    phone: Recipient.optional(),
    provider: ProviderName.optional(),
    keyword: z.enum(KEYWORDS).optional(),
    customer_id: CustomerFilter.optional(),
  })
  .refine(areInOrder, DATES_IN_ORDER)

/** A text that somebody has sent us; number and text are null once the person was erased. */
export const InboundResponse = z.strictObject({
  id: InboundId,
  received_at: Moment,
  phone: z.string().nullable(),
  /** Our own number, where the provider says it. */
  to: z.string().nullable(),
  message: z.string().nullable(),
  media_urls: z.array(z.string()),
  provider: ProviderName,
  provider_message_id: z.string(),
  keyword: z.enum(KEYWORDS).nullable(),
  customer_id: z.string().nullable(),
  /** The last message to this number before it: whose conversation it is. */
  message_id: z.uuidv7().nullable(),
  /** The message that answered it by itself. */
  answer_id: z.uuidv7().nullable(),
})
export type InboundResponse = z.infer<typeof InboundResponse>

export const InboundListResponse = z.strictObject({
  data: z.array(InboundResponse),
  next_cursor: z.string().nullable(),
})
export type InboundListResponse = z.infer<typeof InboundListResponse>

const Turn = z.strictObject({
  direction: z.enum(['inbound', 'outbound']),
  id: z.uuidv7(),
  at: Moment,
  message: z.string().nullable(),
  customer_id: z.string().nullable(),
  provider: ProviderName.nullable(),
  /** Of a message. */
  status: z.enum(MESSAGE_STATUSES).nullable(),
  message_type: z.string().nullable(),
  /** The inbound text that the message answers. */
  in_reply_to: z.uuidv7().nullable(),
  /** Of an inbound text. */
  keyword: z.enum(KEYWORDS).nullable(),
  media_urls: z.array(z.string()),
})

/** Both directions, oldest first. */
export const ConversationResponse = z.strictObject({
  phone: z.string(),
  /** Null for a client that has neither written to the number nor heard from it. */
  opted_out: z.boolean().nullable(),
  data: z.array(Turn),
  next_cursor: z.string().nullable(),
})
export type ConversationResponse = z.infer<typeof ConversationResponse>

const { message, template_code, template_data, priority, schedule_at, expires_at, metadata } =
  SendRequest.shape

/** `POST /conversations/:phone/reply`: a send to that number, which names the text that it answers. */
export const ReplyRequest = z.strictObject({
  ...{ message, template_code, template_data, priority, schedule_at, expires_at, metadata },
  message_type: SendRequest.shape.message_type.default('reply'),
  /** Without it, the last text of the conversation. */
  in_reply_to: InboundId.optional(),
})
export type ReplyRequest = z.output<typeof ReplyRequest>

export const ReplyResponse = MessageResponse.extend({ in_reply_to: InboundId })

/** What a client has set a word to be answered with. */
export const SetKeywordAnswer = z.strictObject({ message: z.string().trim().min(1).max(1_000) })

export const KeywordAnswerResponse = z.strictObject({
  word: z.string(),
  message: z.string(),
  updated_at: Moment,
})
export type KeywordAnswerResponse = z.infer<typeof KeywordAnswerResponse>

export const KeywordAnswersResponse = z.strictObject({
  data: z.array(KeywordAnswerResponse),
  next_cursor: z.string().nullable(),
})
