import { sql } from 'kysely'
import {
  askFrequency,
  type CappedKind,
  type FrequencyCap,
  NEVER_CAPPED_TYPES,
  type Turn,
} from '@sms-gateway/domain/frequency-cap'
import { firstIdAt, type MessageId } from '@sms-gateway/domain/ids'
import type { Phone } from '@sms-gateway/domain/phone'
import type { Db, DbTransaction } from './connect.ts'
import { retryDeadlock } from './retry-deadlock.ts'
import { toHex } from './to-hex.ts'
import type { Vault } from './vault.ts'

/** A message that is about to go to somebody. */
export interface TurnRequest {
  messageId: MessageId
  phone: Phone
  kind: CappedKind
  cap: FrequencyCap
  at: Date
}

const HOUR_MS = 3_600_000
/** Messages of before the caps were set were made so long before they went, at most. */
const MADE_BEFORE_MS = 31 * 24 * HOUR_MS

/**
 * Gives each message its turn, or the time at which to ask again. Turns of one person are given one after the other,
 * whoever asks. A turn counts from then on unless its message ends without reaching anybody.
 */
export async function takeTurns(
  db: Db,
  vault: Vault,
  requests: readonly TurnRequest[],
  marketingTypes: readonly string[],
): Promise<Turn[]> {
  const asked = requests.map((request) => ({ ...request, hash: vault.hash(request.phone) }))
  return retryDeadlock(() =>
    db.transaction().execute(async (trx) => {
      await lockPeople(trx, asked)
      const known = await listTimes(trx, asked, marketingTypes)
      const turns = decide(asked, known)
      await keep(
        trx,
        asked.filter((_, index) => turns[index]?.kind === 'go'),
      )
      return turns
    }),
  )
}

type Asked = TurnRequest & { hash: Buffer }

/** In order, so that two who ask for the same people wait for each other. */
async function lockPeople(trx: DbTransaction, asked: readonly Asked[]): Promise<void> {
  const locks = [...new Set(asked.map(({ hash }) => hash.readBigInt64BE(0)))]
  const sorted = locks.sort((a, b) => (a < b ? -1 : 1)).map(String)
  await sql`select pg_advisory_xact_lock(key) from unnest(${sorted}::bigint[]) key`.execute(trx)
}

interface Gone {
  hash: string
  kind: CappedKind
  message_id: string
  at: Date
}

/** Who has a turn, and what went before there were turns. */
async function listTimes(
  trx: DbTransaction,
  asked: readonly Asked[],
  marketingTypes: readonly string[],
): Promise<Gone[]> {
  const hashes = asked.map(({ hash }) => hash)
  const since = new Date(
    Math.min(...asked.map(({ at, cap }) => at.getTime() - cap.hours * HOUR_MS)),
  )
  const floor = firstIdAt(new Date(since.getTime() - MADE_BEFORE_MS))
  const { rows } = await sql<Gone>`
    select encode(t.recipient_hash, 'hex') as hash, t.kind, t.message_id, t.at from frequency_turn t
    where t.recipient_hash = any(${hashes}::bytea[]) and t.at > ${since}
      and not exists (select from message m where m.id = t.message_id
        and m.status in ('failed', 'cancelled', 'expired', 'suppressed', 'undelivered'))
    union all
    select encode(m.recipient_hash, 'hex'),
      case when m.message_type = any(${marketingTypes}::text[]) then 'marketing' else 'service' end, m.id, m.sent_at
    from message m
    where m.recipient_hash = any(${hashes}::bytea[]) and m.id >= ${floor} and m.sent_at > ${since}
      and m.status in ('sent', 'delivered', 'unknown') and m.message_type <> all(${NEVER_CAPPED_TYPES}::text[])
      and not m.exempt_from_opt_out
      and not exists (select from frequency_turn t where t.message_id = m.id)`.execute(trx)
  return rows
}

/** In their order: of two to the same person the second counts the first. */
function decide(asked: readonly Asked[], known: readonly Gone[]): Turn[] {
  const gone = [...known]
  return asked.map(({ messageId, hash, kind, cap, at }) => {
    const hex = hash.toString('hex')
    const times = gone
      .filter((each) => each.hash === hex && each.kind === kind && each.message_id !== messageId)
      .map((each) => each.at)
    const turn = askFrequency(times, cap, at)
    if (turn.kind === 'go') gone.push({ hash: hex, kind, message_id: messageId, at })
    return turn
  })
}

async function keep(trx: DbTransaction, taken: readonly Asked[]): Promise<void> {
  if (taken.length === 0) return
  const rows = taken.map(({ messageId, hash, kind, cap, at }) => ({
    message_id: messageId,
    recipient_hash: toHex(hash),
    kind,
    at,
    until: new Date(at.getTime() + cap.hours * HOUR_MS),
  }))
  await sql`
    insert into frequency_turn (message_id, recipient_hash, kind, at, until)
    select message_id, recipient_hash, kind, at, until
    from json_populate_recordset(null::frequency_turn, ${JSON.stringify(rows)}::json)
    order by message_id
    on conflict (message_id) do update set at = excluded.at, until = excluded.until`.execute(trx)
}

export async function pruneTurnsTaken(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('frequency_turn').where('until', '<=', now).execute()
}
