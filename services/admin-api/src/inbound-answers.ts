import type { ConversationResponse, InboundResponse } from '@sms-gateway/contracts/conversations'
import type { Turn } from '@sms-gateway/db/list-conversation'
import type { Inbound } from '@sms-gateway/db/list-inbound'

export function toInboundResponse(inbound: Inbound): InboundResponse {
  const { said } = inbound
  return {
    id: inbound.id,
    received_at: inbound.receivedAt.toISOString(),
    phone: said?.from ?? null,
    to: said?.to ?? null,
    message: said?.text ?? null,
    media_urls: [...(said?.mediaUrls ?? [])],
    provider: inbound.provider,
    provider_message_id: inbound.reference,
    keyword: inbound.keyword,
    customer_id: inbound.customerId,
    message_id: inbound.messageId,
    answer_id: inbound.answerId,
  }
}

export function toTurnResponse({ direction, turn }: Turn): ConversationResponse['data'][number] {
  const { id, provider, customerId: customer_id } = turn
  if (direction === 'inbound') {
    return {
      ...{ direction, id, at: turn.receivedAt.toISOString(), message: turn.said?.text ?? null },
      ...{ customer_id, provider, status: null, message_type: null, in_reply_to: null },
      ...{ keyword: turn.keyword, media_urls: [...(turn.said?.mediaUrls ?? [])] },
    }
  }
  return {
    ...{ direction, id, at: turn.createdAt.toISOString(), message: turn.text },
    ...{ customer_id, provider, status: turn.status, message_type: turn.messageType },
    ...{ in_reply_to: turn.inReplyTo, keyword: null, media_urls: [] },
  }
}
