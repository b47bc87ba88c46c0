import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { prepared } from './prepared.ts'
import { type AcceptedMessage, type SealedMessage, sealMessages } from './seal-messages.ts'
import type { EnsuredSubjects } from './subject-keys.ts'
import type { Vault } from './vault.ts'

/** After this a key may be used again. */
export const IDEMPOTENCY_HOURS = 24

/**
 * Stores the messages, their first events and their idempotent answers in one statement.
 * `false` where the message was not stored because its client has used the key before: see `findIdempotentAnswer`.
 */
export async function insertMessages(
  db: Db,
  vault: Vault,
  accepted: readonly AcceptedMessage[],
  known?: EnsuredSubjects,
): Promise<boolean[]> {
  return insertSealed(db, await sealMessages(db, vault, accepted, known))
}

/** As `insertMessages`. */
export async function insertSealed(db: Db, sealed: readonly SealedMessage[]): Promise<boolean[]> {
  const answers = sealed.flatMap(({ answer }) => answer ?? [])
  // Of a key that comes twice in the batch, the first message is stored; a statement may not touch a row twice.
  const firsts = [...new Map(answers.toReversed().map((answer) => [answer.order, answer])).values()]
  // Every writer takes the keys in the same order: two batches that share keys wait instead of deadlocking.
  firsts.sort((a, b) => (a.order < b.order ? -1 : 1))
  const messages = JSON.stringify(sealed.map(withCounters))
  const keyed = answers.map(({ message_id: id }) => id)

  const { rows } = await sql<{ id: string }>`${prepared('insert-messages')}
    with input as (select * from json_populate_recordset(null::message, ${messages}::json)),
    kept as (
      insert into idempotency as i (client_id, path, key, fingerprint, message_id, status, response_cipher, created_at)
      select client_id, path, key, fingerprint, message_id, status, response_cipher, created_at
      from json_populate_recordset(null::idempotency, ${JSON.stringify(firsts)}::json)
      on conflict (client_id, path, key) do update set fingerprint = excluded.fingerprint,
        message_id = excluded.message_id, status = excluded.status, response_cipher = excluded.response_cipher,
        created_at = excluded.created_at
      where i.created_at < excluded.created_at - make_interval(hours => ${IDEMPOTENCY_HOURS})
      returning message_id
    ),
    stored as (
      insert into message (id, client_id, status, lane, channel, message_type, customer_id, country, recipient_hash,
        recipient_cipher, content_cipher, encoding, segments, cost_milli, template_code, template_version, variant,
        experiment_id, held_out, campaign_id, batch_id, retry_of, schedule_at, not_before, hold_reason, expires_at, ring_at, warnings,
        error_code, error_detail, exempt_from_opt_out, in_reply_to, budget_counters, created_at, updated_at)
      select id, client_id, status, lane, channel, message_type, customer_id, country, recipient_hash,
        recipient_cipher, content_cipher, encoding, segments, cost_milli, template_code, template_version, variant,
        experiment_id, held_out, campaign_id, batch_id, retry_of, schedule_at, not_before, hold_reason, expires_at, ring_at, warnings,
        error_code, error_detail, exempt_from_opt_out, in_reply_to, budget_counters, created_at, updated_at
      from input
      where id <> all(${keyed}::uuid[]) or id in (select message_id from kept)
      returning id, status, hold_reason, retry_of, error_code, error_detail, created_at
    ),
    told as (
      insert into message_event (message_id, status, at, error_code, detail)
      select stored.id, event.status, stored.created_at, event.error_code, event.detail
      from stored cross join lateral
        (values (1, 'accepted', null, 'retry of ' || stored.retry_of),
          (2, stored.status, stored.error_code, coalesce(stored.error_detail, stored.hold_reason)))
        event(position, status, error_code, detail)
      order by stored.id, event.position
    )
    select id from stored`.execute(db)

  const stored = new Set(rows.map(({ id }) => id))
  return sealed.map(({ id }) => stored.has(id))
}

function withCounters({ row, budgetCounters }: SealedMessage) {
  return budgetCounters ? { ...row, budget_counters: budgetCounters } : row
}
