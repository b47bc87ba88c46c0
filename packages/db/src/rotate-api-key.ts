import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { type ApiKeyView, storeApiKey } from './manage-api-keys.ts'

export type Rotation =
  { kind: 'ok'; key: ApiKeyView } | { kind: 'not-found' } | { kind: 'not-active' }

/**
 * A new key with all that the old one may do; the old one works on until `endOldAt`, or until its own end where that is
 * earlier. A key that had a life is followed by one of the same length.
 */
export async function rotateApiKey(
  db: Db,
  { id, key, endOldAt, now }: { id: string; key: string; endOldAt: Date; now: Date },
): Promise<Rotation> {
  return db.transaction().execute(async (trx) => {
    const old = await trx
      .selectFrom('api_key')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!old) return { kind: 'not-found' }
    // A person's has no secret to hand over.
    const isOver = old.revoked_at ?? (old.expires_at && old.expires_at <= now)
    if (isOver || old.oidc_subject !== null) return { kind: 'not-active' }
    await trx
      .updateTable('api_key')
      .set({ expires_at: sql<Date>`least(expires_at, ${endOldAt})` })
      .where('id', '=', id)
      .execute()
    const life = old.expires_at && old.expires_at.getTime() - old.created_at.getTime()
    const successor = {
      key,
      name: old.name,
      scopes: old.scopes,
      allowedAddresses: old.allowed_addresses,
      ratePerMinute: old.rate_per_minute,
      expiresAt: life === null ? null : new Date(now.getTime() + life),
    }
    const view = await storeApiKey(trx, successor, { clientId: old.client_id, rotatedFrom: id })
    return { kind: 'ok', key: view }
  })
}
