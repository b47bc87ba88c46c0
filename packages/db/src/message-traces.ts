import { sql } from 'kysely'
import type { AttemptState } from '@sms-gateway/domain/attempt-result'
import { CALLBACK_EVENT_TYPES, type CallbackEventType } from '@sms-gateway/domain/callback-event'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { DeliveryStatus, ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import type { CallbackEventState } from './schema/callbacks.ts'
import { openFor } from './subject.ts'
import type { Vault } from './vault.ts'

/** Whether it is there, and that client's where one is given. */
export async function isMessageOf(
  db: Db,
  id: MessageId,
  clientId: string | undefined,
): Promise<boolean> {
  const row = await db
    .selectFrom('message')
    .select('id')
    .where('id', '=', id)
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
    .executeTakeFirst()
  return row !== undefined
}

export interface AttemptTrace {
  number: number
  provider: ProviderName
  state: AttemptState
  openedAt: Date
  settledAt: Date | null
  errorCode: string | null
  errorDetail: string | null
  /** When the provider is asked what became of it. */
  checkAt: Date | null
  checks: number
  /** What it made of the providers when it began: the plan that was in force. */
  plan: { preferred: string; reason: string; at: Date } | null
  /** Those that were not used then, by the newest change of each before it. */
  outages: readonly { provider: ProviderName; state: string; reason: string; at: Date }[]
}

/** Every submission of a message, with what decided where it went. */
export async function listAttempts(db: Db, id: MessageId): Promise<AttemptTrace[]> {
  const { rows } = await sql<AttemptTrace>`
    select a.number, a.provider, a.state, a.opened_at as "openedAt", a.settled_at as "settledAt",
      a.error_code as "errorCode", a.error_detail as "errorDetail", a.check_at as "checkAt", a.checks, p.plan,
      coalesce(o.outages, '[]') as outages
    from attempt a
    left join lateral (
      select jsonb_build_object('preferred', r.preferred, 'reason', r.plan->>'reason', 'at', r.at) as plan
      from routing_plan r where r.at <= a.opened_at order by r.id desc limit 1
    ) p on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('provider', e.provider, 'state', e.state, 'reason', e.reason, 'at', e.at)) as outages
      from provider_state s
      cross join lateral (
        select * from provider_event v
        where v.provider = s.provider and v.at <= a.opened_at order by v.id desc limit 1
      ) e
      where e.provider <> a.provider and e.state in ('circuit open', 'circuit half_open', 'disabled')
    ) o on true
    where a.message_id = ${id} order by a.number`.execute(db)
  return rows.map(({ plan, outages, ...row }) => ({
    ...row,
    // JSON has no dates.
    plan: plan && { ...plan, at: new Date(plan.at) },
    outages: outages.map((outage) => ({ ...outage, at: new Date(outage.at) })),
  }))
}

export interface ReceiptTrace {
  provider: ProviderName
  reference: string
  part: number
  parts: number
  attempt: number
  status: DeliveryStatus
  errorCode: string | null
  detail: string | null
  occurredAt: Date | null
  receivedAt: Date
  /** As it came; null where nothing is held about the person. */
  body: string | null
}

/** What the providers said afterwards, oldest first. */
export async function listReceipts(db: Db, vault: Vault, id: MessageId): Promise<ReceiptTrace[]> {
  const rows = await db
    .selectFrom('provider_reference as p')
    .innerJoin('receipt as r', (join) =>
      join.onRef('r.provider', '=', 'p.provider').onRef('r.reference', '=', 'p.reference'),
    )
    .leftJoin('subject_key as k', 'k.recipient_hash', 'r.recipient_hash')
    .select(['p.provider', 'p.reference', 'p.part', 'p.parts', 'p.attempt_number as attempt'])
    .select(['r.status', 'r.error_code as errorCode', 'r.detail', 'r.occurred_at as occurredAt'])
    .select(['r.received_at as receivedAt', 'r.body_cipher', 'r.dedupe_key'])
    .select(['r.recipient_hash', 'k.key_cipher'])
    .where('p.message_id', '=', id)
    .orderBy('r.received_at')
    .execute()
  return rows.map(({ body_cipher: sealed, dedupe_key: key, recipient_hash: hash, ...row }) => {
    const { key_cipher: cipher, ...trace } = row
    const person = hash && { recipient_hash: hash, key_cipher: cipher }
    return { ...trace, body: person && openFor(vault, person, sealed, key.toString('hex')) }
  })
}

export interface CallbackTrace {
  eventId: string
  callbackId: string
  type: CallbackEventType
  occurredAt: Date
  state: CallbackEventState
  attempts: number
  error: string | null
  settledAt: Date | null
}

/** Who was told of it, and whether they listened. Found by the times of its events, which have an index. */
export async function listCallbacksOf(db: Db, id: MessageId): Promise<CallbackTrace[]> {
  const { rows } = await sql<CallbackTrace>`
    select e.id as "eventId", e.callback_id as "callbackId", e.type, e.occurred_at as "occurredAt", e.state, e.attempts,
      e.error, e.settled_at as "settledAt"
    from callback c
    join callback_event e on e.callback_id = c.id
    where c.client_id = (select client_id from message where id = ${id}) and e.subject_id = ${id}
      and e.occurred_at = any(array(
        select date_trunc('milliseconds', at) from message_event where message_id = ${id}))
    order by e.occurred_at, array_position(${[...CALLBACK_EVENT_TYPES]}::text[], e.type), e.id`.execute(
    db,
  )
  return rows
}
