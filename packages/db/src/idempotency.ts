import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { inBatches } from './in-batches.ts'
import { IDEMPOTENCY_HOURS } from './insert-messages.ts'
import { type AcceptedMessage, hashIdempotencyKey, type IdempotentAnswer } from './seal-messages.ts'
import { readSubject } from './subject.ts'
import type { Vault } from './vault.ts'

export interface KeptAnswer {
  fingerprint: Buffer
  status: number
  /** What it is about: a message, or what else was made. */
  subject: string
  /** `undefined` once the recipient was erased. */
  response: string | undefined
}

/** The answer this client got for this key on this path, within the last 24 hours. */
export async function findIdempotentAnswer(
  db: Db,
  vault: Vault,
  { clientId, path, key }: { clientId: string; path: string; key: string },
  now: Date,
): Promise<KeptAnswer | undefined> {
  const row = await db
    .selectFrom('idempotency as i')
    .leftJoin('message as m', 'm.id', 'i.message_id')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'm.recipient_hash')
    .select(['i.fingerprint', 'i.status', 'i.response_cipher', 'i.message_id'])
    .select(['m.recipient_hash', 'k.key_cipher'])
    .where('i.client_id', '=', clientId)
    .where('i.path', '=', path)
    .where('i.key', '=', hashIdempotencyKey(vault, key))
    .where('i.created_at', '>=', oldest(now))
    .executeTakeFirst()
  if (!row) return undefined
  const reader = row.recipient_hash && readSubject(vault, row.recipient_hash, row.key_cipher)
  return {
    fingerprint: row.fingerprint,
    status: row.status,
    subject: row.message_id,
    response: (reader ?? vault).open(row.response_cipher, row.message_id),
  }
}

/** Whether the key of each was used by its client before, as far as is committed. */
export async function listUsedKeys(
  db: Db,
  vault: Vault,
  accepted: readonly AcceptedMessage[],
): Promise<boolean[]> {
  const keyed = accepted.flatMap(({ message, answer }) =>
    answer
      ? [
          {
            id: message.id,
            client: message.clientId,
            path: answer.path,
            key: hashIdempotencyKey(vault, answer.key),
            oldest: oldest(message.createdAt),
          },
        ]
      : [],
  )
  if (keyed.length === 0) return accepted.map(() => false)
  const { rows } = await sql<{ id: string }>`
    select n.id from json_to_recordset(${JSON.stringify(keyed)}::json)
      n(id uuid, client uuid, path text, key text, oldest timestamptz)
    join idempotency i on i.client_id = n.client and i.path = n.path and i.key = n.key
      and i.created_at >= n.oldest`.execute(db)
  const used = new Set(rows.map(({ id }) => id))
  return accepted.map(({ message }) => used.has(message.id))
}

interface AnswerToKeep extends IdempotentAnswer {
  clientId: string
  /** What the answer is about: its seal opens there alone. */
  subject: string
  now: Date
}

/** Keeps the first answer to a key, of what is about nobody in particular. `false` where another was kept: a race waits for the other's commit. */
export async function keepAnswer(
  db: Db,
  vault: Vault,
  { clientId, path, key, fingerprint, status, response, subject, now }: AnswerToKeep,
): Promise<boolean> {
  const row = {
    fingerprint,
    status,
    message_id: subject,
    response_cipher: vault.seal(response, subject),
    created_at: now,
  }
  const kept = await db
    .insertInto('idempotency')
    .values({ client_id: clientId, path, key: hashIdempotencyKey(vault, key), ...row })
    .onConflict((oc) =>
      oc
        .columns(['client_id', 'path', 'key'])
        .doUpdateSet(row)
        .where('idempotency.created_at', '<', oldest(now)),
    )
    .returning('message_id')
    .executeTakeFirst()
  return kept !== undefined
}

/** Forgets answers that no repeat may ask for any more; how many. */
export async function pruneIdempotentAnswers(db: Db, now: Date): Promise<number> {
  return inBatches(
    async (limit) => {
      const { numAffectedRows } = await sql`
        delete from idempotency where ctid = any(array(
          select ctid from idempotency where created_at < ${oldest(now)} limit ${limit} for update skip locked))`.execute(
        db,
      )
      return Number(numAffectedRows ?? 0)
    },
    { size: 2_000, batches: 500 },
  )
}

function oldest(now: Date): Date {
  return new Date(now.getTime() - IDEMPOTENCY_HOURS * 3_600_000)
}
