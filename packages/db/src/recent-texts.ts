import { sql } from 'kysely'
import { MessageId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { Db, DbTransaction } from './connect.ts'
import { toHex } from './to-hex.ts'
import type { Vault } from './vault.ts'

/** Each message that repeats another, with the id of that one. */
export type Repeats = ReadonlyMap<MessageId, MessageId>

/**
 * Takes the text of each message for its number, for as long as the window is; tells which were taken before. Two that
 * come at once wait for each other here, so exactly one of them is the first: call it in the transaction that stores
 * the messages. A text whose message ended without being sent counts no longer.
 */
export async function takeTexts(
  trx: DbTransaction,
  vault: Vault,
  messages: readonly NewMessage[],
  windowSeconds: number,
): Promise<Repeats> {
  // Who is suppressed gets nothing, so there is nothing to repeat.
  const keyed = messages
    .filter(({ status }) => status !== 'suppressed')
    .map((message) => ({ ...toRow(vault, message, windowSeconds), id: message.id }))
  const firsts = new Map(keyed.toReversed().map((row) => [row.key, row]))
  if (keyed.length === 0) return new Map()
  // Whoever takes several takes them in the same order: two that share some wait instead of deadlocking.
  const rows = [...firsts.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  const { rows: taken } = await sql<{ message_id: string }>`
    insert into recent_text as r (key, message_id, until)
    select key, message_id, until from json_populate_recordset(null::recent_text, ${JSON.stringify(rows)}::json)
    on conflict (key) do update set message_id = excluded.message_id, until = excluded.until
    where r.until <= excluded.until - make_interval(secs => ${windowSeconds})
      or exists (select from message m where m.id = r.message_id
        and m.status in ('failed', 'cancelled', 'expired', 'suppressed'))
    returning message_id`.execute(trx)
  const mine = new Set(taken.map(({ message_id: id }) => id))
  const repeats = keyed.filter(({ id }) => !mine.has(id))
  return repeats.length === 0 ? new Map() : findFirsts(trx, repeats)
}

/** As `takeTexts`, but takes none: what others take meanwhile it does not know. */
export async function findTaken(
  db: Db,
  vault: Vault,
  messages: readonly NewMessage[],
  windowSeconds: number,
): Promise<Repeats> {
  if (windowSeconds === 0) return new Map()
  const keyed = messages
    .filter(({ status }) => status !== 'suppressed')
    .map((message) => ({ ...toRow(vault, message, windowSeconds), id: message.id }))
  const { rows } = await sql<{ key: string; message_id: string }>`
    select '\\x' || encode(r.key, 'hex') as key, r.message_id
    from recent_text r join json_populate_recordset(null::recent_text, ${JSON.stringify(keyed)}::json) n on n.key = r.key
    where r.until > n.until - make_interval(secs => ${windowSeconds})
      and not exists (select from message m where m.id = r.message_id
        and m.status in ('failed', 'cancelled', 'expired', 'suppressed'))`.execute(db)
  const firsts = new Map(rows.map(({ key, message_id: id }) => [key, MessageId.parse(id)]))
  const repeats = new Map<MessageId, MessageId>()
  for (const { key, id } of keyed) {
    const first = firsts.get(key)
    if (first === undefined) firsts.set(key, id)
    else repeats.set(id, first)
  }
  return repeats
}

async function findFirsts(
  trx: DbTransaction,
  repeats: readonly { id: MessageId; key: string }[],
): Promise<Repeats> {
  const keys = repeats.map(({ key }) => key)
  const { rows } = await sql<{ key: string; message_id: string }>`
    select '\\x' || encode(key, 'hex') as key, message_id from recent_text
    where key = any(${keys}::bytea[])`.execute(trx)
  const firsts = new Map(rows.map(({ key, message_id: id }) => [key, MessageId.parse(id)]))
  return new Map(repeats.map(({ id, key }) => [id, firsts.get(key) ?? id]))
}

/** Of messages that were not stored after all. */
export async function giveTextsBack(trx: DbTransaction, ids: readonly MessageId[]): Promise<void> {
  if (ids.length === 0) return
  await trx.deleteFrom('recent_text').where('message_id', 'in', ids).execute()
}

function toRow(
  vault: Vault,
  { id, clientId, phone, text, createdAt }: NewMessage,
  windowSeconds: number,
) {
  return {
    key: toHex(vault.mac('recent text', JSON.stringify([clientId, phone, text]))),
    message_id: id,
    until: new Date(createdAt.getTime() + windowSeconds * 1000),
  }
}

export async function pruneTexts(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('recent_text').where('until', '<=', now).execute()
}
