import type { Selectable } from 'kysely'
import { createRowId } from '@sms-gateway/domain/ids'
import type { Db, DbTransaction } from './connect.ts'
import { blankSubmitted, stopMessages } from './erase-messages.ts'
import { retryDeadlock } from './retry-deadlock.ts'
import type { ErasureTable } from './schema/subjects.ts'

export interface Erasure {
  /** The proof. */
  id: string
  recipientHash: Buffer
  keyId: Buffer | null
  requestedAt: Date
  erasedAt: Date | null
  closedAt: Date | null
  messages: number
  cancelled: number
  inbound: number
}

/**
 * Erases a person: from its commit on nothing of what was held can be read or sent, wherever a copy lies, for the key is
 * destroyed. What it leaves to `advanceErasure` is to blank the rows. Of somebody of whom nothing was held since the
 * last time it answers with that.
 */
export async function requestErasure(db: Db, recipientHash: Buffer, now: Date): Promise<Erasure> {
  return retryDeadlock(() =>
    db.transaction().execute(async (trx) => {
      const key = await destroyKey(trx, recipientHash)
      const last = await findLast(trx, recipientHash)
      if (last && !key) return last
      const row = await trx
        .insertInto('erasure')
        .values({ id: createRowId(now), recipient_hash: recipientHash, key_id: key ?? null })
        .returningAll()
        .executeTakeFirstOrThrow()
      const erasure = toErasure(row)
      const cancelled = await stopMessages(trx, erasure, now)
      const messages = await blankSubmitted(trx, erasure)
      const counted = await trx
        .updateTable('erasure')
        .set({ cancelled, messages })
        .where('id', '=', erasure.id)
        .returningAll()
        .executeTakeFirstOrThrow()
      return toErasure(counted)
    }),
  )
}

/** The id of the key that is gone; the lock makes two requests of one person follow each other. */
async function destroyKey(trx: DbTransaction, recipientHash: Buffer): Promise<Buffer | undefined> {
  const row = await trx
    .deleteFrom('subject_key')
    .where('recipient_hash', '=', recipientHash)
    .returning('key_id')
    .executeTakeFirst()
  return row?.key_id
}

async function findLast(db: Db, recipientHash: Buffer): Promise<Erasure | undefined> {
  const [last] = await listErasuresOf(db, recipientHash)
  return last
}

/** Newest first. */
export async function listErasuresOf(db: Db, recipientHash: Buffer): Promise<Erasure[]> {
  const rows = await db
    .selectFrom('erasure')
    .selectAll()
    .where('recipient_hash', '=', recipientHash)
    .orderBy('requested_at', 'desc')
    .execute()
  return rows.map(toErasure)
}

/** Those that something may be left of, oldest first. */
export async function listOpenErasures(db: Db, limit: number): Promise<Erasure[]> {
  const rows = await db
    .selectFrom('erasure')
    .selectAll()
    .where('closed_at', 'is', null)
    .orderBy('requested_at')
    .limit(limit)
    .execute()
  return rows.map(toErasure)
}

export function toErasure(row: Selectable<ErasureTable>): Erasure {
  return {
    id: row.id,
    recipientHash: row.recipient_hash,
    keyId: row.key_id,
    requestedAt: row.requested_at,
    erasedAt: row.erased_at,
    closedAt: row.closed_at,
    messages: row.messages,
    cancelled: row.cancelled,
    inbound: row.inbound,
  }
}
