import type { MessageCallback } from '@sms-gateway/contracts/callbacks'
import { toMessageResponse } from '@sms-gateway/contracts/message-response'
import type { DueCallback } from '@sms-gateway/db/claim-callback-events'
import type { Db } from '@sms-gateway/db/connect'
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
  { db, vault }: PayloadDeps,
  due: DueCallback,
): Promise<string | undefined> {
  const status = statusOf(due.type)
  if (status === undefined) return undefined
  const message = await findMessage(db, vault, MessageId.parse(due.subjectId), due.clientId)
  return message && JSON.stringify(toMessageCallback(due, status, message))
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
