import type {
  InboundCallback,
  MessageCallback,
  RecipientCallback,
} from '@sms-gateway/contracts/callback-payloads'
import { toMessageResponse } from '@sms-gateway/contracts/message-response'
import type { DueCallback } from '@sms-gateway/db/claim-callback-events'
import type { Db } from '@sms-gateway/db/connect'
import {
  findInboundSubject,
  findPermissionSubject,
  type InboundSubject,
  type PermissionSubject,
} from '@sms-gateway/db/find-callback-subject'
import { findMessage } from '@sms-gateway/db/find-message'
import type { Vault } from '@sms-gateway/db/vault'
import { rankOf, statusOf } from '@sms-gateway/domain/callback-event'
import { MessageId } from '@sms-gateway/domain/ids'
import type { Message } from '@sms-gateway/domain/message'
import type { MessageStatus } from '@sms-gateway/domain/message-status'

export interface PayloadDeps {
  db: Db
  vault: Vault
}

/**
 * Made when the event goes, from what the database has then: nothing of it lies in the outbox, so what is erased is gone.
 * `undefined` where there is nothing left to tell.
 */
export async function makePayload(
  deps: PayloadDeps,
  due: DueCallback,
): Promise<string | undefined> {
  const payload = await findPayload(deps, due)
  return payload && JSON.stringify(payload)
}

async function findPayload(
  { db, vault }: PayloadDeps,
  due: DueCallback,
): Promise<MessageCallback | InboundCallback | RecipientCallback | undefined> {
  const { type, subjectId, clientId } = due
  const timestamp = due.occurredAt.toISOString()
  switch (type) {
    case 'message.inbound': {
      const inbound = await findInboundSubject(db, vault, subjectId, clientId)
      return inbound && { type, timestamp, data: { inbound: toInbound(inbound) } }
    }
    case 'recipient.opted_out':
    case 'recipient.opted_in': {
      const recipient = await findPermissionSubject(db, vault, subjectId)
      return recipient && { type, timestamp, data: { recipient: toRecipient(recipient) } }
    }
    default: {
      const status = statusOf(type)
      const message = await findMessage(db, vault, MessageId.parse(subjectId), clientId)
      return status && message && toMessageCallback(due, status, message)
    }
  }
}

function toInbound(inbound: InboundSubject): InboundCallback['data']['inbound'] {
  return {
    id: inbound.id,
    from: inbound.from,
    to: inbound.to,
    text: inbound.text,
    media_urls: [...inbound.mediaUrls],
    customer_id: inbound.customerId,
    message_id: inbound.messageId,
    received_at: inbound.receivedAt.toISOString(),
  }
}

const CODE = /^[A-Za-z0-9_-]{1,20}$/

function toRecipient(change: PermissionSubject): RecipientCallback['data']['recipient'] {
  const { phone, channel, kind, source, at } = change
  // A code of a provider's, never what an operator wrote: that is not for other clients.
  const reason = change.reason !== null && CODE.test(change.reason) ? change.reason : null
  return { phone, channel, kind, source, reason, at: at.toISOString() }
}

function toMessageCallback(
  { type, occurredAt }: DueCallback,
  status: MessageStatus,
  message: Message,
): MessageCallback {
  const index = message.events.findLastIndex(
    (event) => event.status === status && event.at.getTime() === occurredAt.getTime(),
  )
  const at = occurredAt.toISOString()
  return {
    type,
    timestamp: at,
    data: {
      event: { status, at, rank: rankOf(status), position: index + 1 },
      message: toMessageResponse(message),
    },
  }
}
