import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'

export interface OpenDoubt {
  provider: ProviderName
  since: Date
  /** When the provider is asked again; null where nobody can be asked. */
  checkAt: Date | null
  checks: number
}

/** Of messages in doubt, the attempt that is: by the message's id. */
export async function listOpenDoubts(
  db: Db,
  ids: readonly MessageId[],
): Promise<Map<MessageId, OpenDoubt>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<OpenDoubt & { id: MessageId }>`
    select distinct on (message_id) message_id as id, provider, coalesce(settled_at, opened_at) as since,
      check_at as "checkAt", checks
    from attempt where message_id = any(${ids}::uuid[]) and state = 'in_doubt'
    order by message_id, number desc`.execute(db)
  return new Map(rows.map(({ id, ...doubt }) => [id, doubt]))
}
