import type { ExpressionBuilder } from 'kysely'
import type { Db } from './connect.ts'
import { IDEMPOTENCY_HOURS } from './insert-messages.ts'
import type { Schema } from './schema.ts'
import { hashIdempotencyKey } from './seal-messages.ts'
import type { Vault } from './vault.ts'

/** A key under which a request is being worked on; its answer is kept when there is one. */
export interface ReservedKey {
  clientId: string
  path: string
  key: string
  fingerprint: Buffer
  /** Of the reservation: the answer's seal opens there alone. */
  id: string
}

/** `status` of a row whose request has no answer yet. */
export const IN_PROGRESS = 0
/** A process that died leaves its reservation: it is taken over after this. */
const ABANDONED_SECONDS = 60

/** False where another request has the key. Two at once wait for each other's commit. */
export async function reserveKey(
  db: Db,
  vault: Vault,
  { clientId, path, key, fingerprint, id }: ReservedKey,
  now: Date,
): Promise<boolean> {
  const row = {
    fingerprint,
    status: IN_PROGRESS,
    message_id: id,
    response_cipher: vault.seal('', id),
    created_at: now,
  }
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000)
  const reserved = await db
    .insertInto('idempotency')
    .values({ client_id: clientId, path, key: hashIdempotencyKey(vault, key), ...row })
    .onConflict((oc) =>
      oc
        .columns(['client_id', 'path', 'key'])
        .doUpdateSet(row)
        .where((eb) =>
          eb.or([
            eb('idempotency.created_at', '<', ago(IDEMPOTENCY_HOURS * 3_600)),
            eb.and([
              eb('idempotency.status', '=', IN_PROGRESS),
              eb('idempotency.created_at', '<', ago(ABANDONED_SECONDS)),
            ]),
          ]),
        ),
    )
    .returning('message_id')
    .executeTakeFirst()
  return reserved !== undefined
}

export async function keepReserved(
  db: Db,
  vault: Vault,
  reserved: ReservedKey,
  answer: { status: number; response: string },
): Promise<void> {
  await db
    .updateTable('idempotency')
    .set({ status: answer.status, response_cipher: vault.seal(answer.response, reserved.id) })
    .where(ownRow(vault, reserved))
    .execute()
}

/** What was refused is not kept: the key is free for the corrected request. */
export async function releaseKey(db: Db, vault: Vault, reserved: ReservedKey): Promise<void> {
  await db.deleteFrom('idempotency').where(ownRow(vault, reserved)).execute()
}

/** The row, unless somebody has taken it over. */
function ownRow(vault: Vault, { clientId, path, key, id }: ReservedKey) {
  return (eb: ExpressionBuilder<Schema, 'idempotency'>) =>
    eb.and({
      client_id: clientId,
      path,
      key: hashIdempotencyKey(vault, key),
      message_id: id,
      status: IN_PROGRESS,
    })
}
