import type { Db } from './connect.ts'
import { IDEMPOTENCY_HOURS } from './insert-messages.ts'
import type { Vault } from './vault.ts'

export interface KeptAnswer {
  fingerprint: Buffer
  status: number
  response: string
}

/** The answer this client got for this key on this path, within the last 24 hours. */
export async function findIdempotentAnswer(
  db: Db,
  vault: Vault,
  { clientId, path, key }: { clientId: string; path: string; key: string },
  now: Date,
): Promise<KeptAnswer | undefined> {
  const row = await db
    .selectFrom('idempotency')
    .select(['fingerprint', 'status', 'response_cipher', 'message_id'])
    .where('client_id', '=', clientId)
    .where('path', '=', path)
    .where('key', '=', key)
    .where('created_at', '>=', oldest(now))
    .executeTakeFirst()
  return (
    row && {
      fingerprint: row.fingerprint,
      status: row.status,
      response: vault.open(row.response_cipher, row.message_id),
    }
  )
}

/** Forgets answers that no repeat may ask for any more; how many. */
export async function pruneIdempotentAnswers(db: Db, now: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('idempotency')
    .where('created_at', '<', oldest(now))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

function oldest(now: Date): Date {
  return new Date(now.getTime() - IDEMPOTENCY_HOURS * 3_600_000)
}
