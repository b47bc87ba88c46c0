import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { Db } from './connect.ts'

export interface WatchedMessage {
  id: MessageId
  clientId: string
  status: MessageStatus
  inDoubt: boolean
  /** Those that count, as elsewhere. */
  attempts: number
  /** Of its newest attempt. */
  attemptNumber: number
  updatedAt: Date
}

/** As they are now; those that there are not are left out. */
export async function readWatched(db: Db, ids: readonly MessageId[]): Promise<WatchedMessage[]> {
  const { rows } = await sql<WatchedMessage>`
    select id, client_id as "clientId", status, in_doubt as "inDoubt", counted_attempts as attempts,
      attempt_number as "attemptNumber", updated_at as "updatedAt"
    from message where id = any(${ids}::uuid[])`.execute(db)
  return rows
}
