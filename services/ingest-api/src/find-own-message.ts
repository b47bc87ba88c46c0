import type { Db } from '@sms-gateway/db/connect'
import { findMessage } from '@sms-gateway/db/find-message'
import type { Vault } from '@sms-gateway/db/vault'
import { MessageId } from '@sms-gateway/domain/ids'
import type { Message } from '@sms-gateway/domain/message'
import { type ApiClient, ownerOf } from '@sms-gateway/service-kit/api-auth'
import { HttpProblem } from '@sms-gateway/service-kit/problem'

/** A client sees its own messages alone, unless its key has `admin`. */
export async function findOwnMessage(
  { db, vault }: { db: Db; vault: Vault },
  client: ApiClient,
  id: unknown,
): Promise<Message> {
  const parsed = MessageId.safeParse(typeof id === 'string' ? id.toLowerCase() : id)
  const message = parsed.success
    ? await findMessage(db, vault, parsed.data, ownerOf(client))
    : undefined
  if (!message) throw new HttpProblem('message-not-found', 'There is no such message.')
  return message
}
