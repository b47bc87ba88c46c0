import { z } from 'zod'
import { Lane } from '@sms-gateway/domain/lane'
import type { Message } from '@sms-gateway/domain/message'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { CURRENCY, toDecimal } from '@sms-gateway/domain/money'
import { ProviderName } from '@sms-gateway/domain/provider'

const Moment = z.iso.datetime({ offset: true })
const Status = z.enum(MESSAGE_STATUSES)

/** One line of a message's timeline. */
const MessageEventResponse = z.strictObject({
  status: Status,
  at: Moment,
  provider: ProviderName.optional(),
  provider_message_id: z.string().optional(),
  error_code: z.string().optional(),
  detail: z.string().optional(),
})

export const MessageResponse = z.strictObject({
  id: z.uuidv7(),
  status: Status,
  /** Null once the person was erased, as is `message`. */
  phone: z.string().nullable(),
  channel: z.enum(['sms']),
  message_type: z.string(),
  customer_id: z.string().nullable(),
  template_code: z.string().nullable(),
  variant: z.string().nullable(),
  message: z.string().nullable(),
  encoding: z.enum(['GSM-7', 'UCS-2']),
  segments: z.int(),
  cost: z.strictObject({ amount: z.string(), currency: z.string() }),
  provider: ProviderName.nullable(),
  provider_message_id: z.string().nullable(),
  attempts: z.int(),
  priority: Lane,
  not_before: Moment.nullable(),
  hold_reason: z.string().nullable(),
  schedule_at: Moment.nullable(),
  expires_at: Moment,
  in_doubt: z.boolean(),
  possible_duplicate: z.boolean(),
  campaign_id: z.uuid().nullable(),
  batch_id: z.uuid().nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  media_urls: z.array(z.string()),
  warnings: z.array(z.strictObject({ code: z.string(), detail: z.string() })),
  error: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  created_at: Moment,
  updated_at: Moment,
  events: z.array(MessageEventResponse),
})
export type MessageResponse = z.infer<typeof MessageResponse>

export function toMessageResponse(message: Message): MessageResponse {
  return {
    id: message.id,
    status: message.status,
    phone: message.phone,
    channel: message.channel,
    message_type: message.messageType,
    customer_id: message.customerId,
    template_code: message.templateCode,
    variant: message.variant,
    message: message.text,
    encoding: message.encoding,
    segments: message.segments,
    cost: { amount: toDecimal(message.costMilli), currency: CURRENCY },
    provider: message.provider,
    provider_message_id: message.providerMessageId,
    attempts: message.attempts,
    priority: message.lane,
    not_before: message.notBefore?.toISOString() ?? null,
    hold_reason: message.holdReason,
    schedule_at: message.scheduleAt?.toISOString() ?? null,
    expires_at: message.expiresAt.toISOString(),
    in_doubt: message.inDoubt,
    possible_duplicate: message.possibleDuplicate,
    campaign_id: message.campaignId,
    batch_id: message.batchId,
    metadata: message.metadata,
    media_urls: [...message.mediaUrls],
    warnings: listWarnings(message),
    error: message.error,
    created_at: message.createdAt.toISOString(),
    updated_at: message.updatedAt.toISOString(),
    events: message.events.map(toEventResponse),
  }
}

const ERASED = {
  code: 'erased',
  detail:
    'The data of its recipient was erased: number, text, metadata and media are gone for good.',
}

function listWarnings({ phone, warnings }: Message): MessageResponse['warnings'] {
  const own = warnings.map(({ code, detail }) => ({ code, detail }))
  return phone === null ? [...own, ERASED] : own
}

/** Field by field, as nearly every event has none of the last four: spreads cost more than the rest of it. */
function toEventResponse(event: Message['events'][number]): MessageResponse['events'][number] {
  const told: MessageResponse['events'][number] = {
    status: event.status,
    at: event.at.toISOString(),
  }
  if (event.provider) told.provider = event.provider
  if (event.providerMessageId !== null) told.provider_message_id = event.providerMessageId
  if (event.errorCode !== null) told.error_code = event.errorCode
  if (event.detail !== null) told.detail = event.detail
  return told
}
