import { defaultExpiry } from '@sms-gateway/domain/expiry'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { Message, NewMessage } from '@sms-gateway/domain/message'

/** `notBefore`: for one of many, which go at a rate. */
export interface RetryTime {
  now: Date
  notBefore: Date | null
}

/**
 * The same text to the same number once more, as a message of its own: all gates are asked anew when it goes, quiet
 * hours, opt-outs and limits among them. `undefined` once its recipient was erased: there is nothing left to send.
 */
export function prepareRetry(
  message: Message,
  { now, notBefore }: RetryTime,
): NewMessage | undefined {
  const { phone, text } = message
  if (phone === null || text === null) return undefined
  return {
    id: createMessageId(now),
    clientId: message.clientId,
    status: notBefore ? 'held' : 'queued',
    holdReason: notBefore ? 'retry-pace' : null,
    notBefore,
    lane: message.lane,
    channel: message.channel,
    messageType: message.messageType,
    customerId: message.customerId,
    phone,
    country: message.country,
    text,
    metadata: message.metadata,
    mediaUrls: message.mediaUrls,
    encoding: message.encoding,
    segments: message.segments,
    costMilli: message.costMilli,
    templateCode: message.templateCode,
    templateVersion: message.templateVersion,
    variant: message.variant,
    // Its first counts already, whatever became of it.
    experiment: null,
    campaignId: message.campaignId,
    batchId: message.batchId,
    retryOf: message.id,
    scheduleAt: null,
    error: null,
    expiresAt: defaultExpiry(message.messageType, notBefore ?? now),
    warnings: message.warnings,
    createdAt: now,
  }
}
