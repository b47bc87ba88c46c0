import type { Selectable } from 'kysely'
import type { CallbackEventType } from '@sms-gateway/domain/callback-event'
import type { Db } from './connect.ts'
import type { CallbackTable } from './schema/callbacks.ts'
import type { Vault } from './vault.ts'

export interface Callback {
  id: string
  clientId: string
  url: string
  eventTypes: readonly CallbackEventType[]
  state: 'active' | 'disabled'
  disabledReason: string | null
  disabledAt: Date | null
  failingSince: Date | null
  pausedUntil: Date | null
  /** Both signatures are sent before. */
  oldSecretUntil: Date | null
  createdAt: Date
  updatedAt: Date
}

/** In the order in which they were made. `clientId` restricts it to that client's own. */
export async function listCallbacks(
  db: Db,
  vault: Vault,
  {
    clientId,
    after,
    limit,
  }: { clientId?: string | undefined; after: string | undefined; limit: number },
): Promise<Callback[]> {
  const rows = await own(db, clientId)
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => toCallback(vault, row))
}

export async function findCallback(
  db: Db,
  vault: Vault,
  id: string,
  clientId?: string,
): Promise<Callback | undefined> {
  const row = await own(db, clientId).where('id', '=', id).executeTakeFirst()
  return row && toCallback(vault, row)
}

function own(db: Db, clientId?: string) {
  return db
    .selectFrom('callback')
    .selectAll()
    .where('state', '<>', 'deleted')
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
}

function toCallback(vault: Vault, row: Selectable<CallbackTable>): Callback {
  return {
    id: row.id,
    clientId: row.client_id,
    url: vault.open(row.url_cipher, row.id),
    eventTypes: row.event_types,
    state: row.state === 'active' ? 'active' : 'disabled',
    disabledReason: row.disabled_reason,
    disabledAt: row.disabled_at,
    failingSince: row.failing_since,
    pausedUntil: row.paused_until,
    oldSecretUntil: row.old_secret_until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
