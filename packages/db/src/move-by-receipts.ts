import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import { combineParts, laterOf, moveByDelivery } from '@sms-gateway/domain/apply-receipts'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { DeliveryStatus } from '@sms-gateway/domain/provider'
import type { DbTransaction } from './connect.ts'
import type { Reference } from './provider-reference.ts'
import { referenceKey } from './provider-reference.ts'
import type { ReceiptTable } from './schema/receipts.ts'

type Receipt = Selectable<ReceiptTable>

/** Raises what is known of the parts, and moves their messages. The caller holds the messages' locks. */
export async function moveByReceipts(
  trx: DbTransaction,
  receipts: readonly Receipt[],
  references: ReadonlyMap<string, Reference>,
  now: Date,
): Promise<void> {
  if (receipts.length === 0) return
  const received = new Map<string, Receipt[]>()
  for (const receipt of receipts) {
    const reference = references.get(referenceKey(receipt))
    if (!reference) continue
    reference.delivery_status = laterOf(receipt.status, reference.delivery_status)
    const before = received.get(reference.message_id)
    if (before) before.push(receipt)
    else received.set(reference.message_id, [receipt])
  }
  await updateReferences(trx, receipts, references)
  const rows = await trx
    .selectFrom('message')
    .select(['id', 'status', 'attempt_number'])
    .where('id', 'in', [...received.keys()])
    .execute()
  const byMessage = groupByMessage(references)
  const moves = rows.flatMap((row) =>
    toMove(row, byMessage.get(row.id) ?? [], received.get(row.id) ?? []),
  )
  if (moves.length > 0) await moveMessages(trx, moves, now)
}

async function updateReferences(
  trx: DbTransaction,
  receipts: readonly Receipt[],
  references: ReadonlyMap<string, Reference>,
): Promise<void> {
  const rows = new Map(
    receipts.flatMap((receipt) => {
      const reference = references.get(referenceKey(receipt))
      return reference ? [[referenceKey(receipt), reference] as const] : []
    }),
  )
  const input = JSON.stringify(
    [...rows.values()].map(({ provider, reference, delivery_status }) => ({
      provider,
      reference,
      delivery_status,
    })),
  )
  await sql`
    update provider_reference p set delivery_status = i.delivery_status,
      poll_at = case when i.delivery_status in ('delivered', 'undelivered') then null else p.poll_at end
    from json_populate_recordset(null::provider_reference, ${input}::json) i
    where p.provider = i.provider and p.reference = i.reference`.execute(trx)
}

function groupByMessage(references: ReadonlyMap<string, Reference>): Map<string, Reference[]> {
  const groups = new Map<string, Reference[]>()
  for (const reference of references.values()) {
    const group = groups.get(reference.message_id)
    if (group) group.push(reference)
    else groups.set(reference.message_id, [reference])
  }
  return groups
}

interface Move {
  id: string
  status: MessageStatus
  provider: string
  provider_message_id: string
  /** A newer submission than the one the receipt speaks of has been made. */
  overtaken: boolean
  error_code: string | null
  error_detail: string | null
  occurred_at: Date | null
}

function toMove(
  row: { id: string; status: MessageStatus; attempt_number: number },
  parts: readonly Reference[],
  received: readonly Receipt[],
): Move[] {
  const delivery = combineParts(
    parts.map((part) => ({
      provider: part.provider,
      attemptNumber: part.attempt_number,
      part: part.part,
      parts: part.parts,
      status: part.delivery_status,
    })),
  )
  const status = delivery && moveByDelivery(row.status, delivery)
  const receipt = findTelling(received, delivery)
  if (!status || !receipt) return []
  const first = parts.find(({ provider, part }) => provider === receipt.provider && part === 1)
  const undelivered = status === 'undelivered'
  return [
    {
      id: row.id,
      status,
      provider: receipt.provider,
      provider_message_id: first?.reference ?? receipt.reference,
      overtaken: row.attempt_number > Math.max(...parts.map((part) => part.attempt_number)),
      error_code: undelivered ? (receipt.error_code ?? 'undelivered') : null,
      error_detail: undelivered ? (receipt.detail ?? 'the provider could not deliver it') : null,
      occurred_at: receipt.occurred_at,
    },
  ]
}

/** Of several, the one that says what the message becomes: another part's may say something else. */
function findTelling(
  received: readonly Receipt[],
  delivery: DeliveryStatus | undefined,
): Receipt | undefined {
  return received.findLast(({ status }) => status === delivery) ?? received.at(-1)
}

async function moveMessages(trx: DbTransaction, moves: readonly Move[], now: Date): Promise<void> {
  await sql`
    with input as (
      select * from json_to_recordset(${JSON.stringify(moves)}::json) as i(id uuid, status text, provider text,
        provider_message_id text, overtaken boolean, error_code text, error_detail text, occurred_at timestamptz)
    ),
    moved as (
      update message m set status = i.status, claimed_by = null, attempt_open = false, in_doubt = false,
        not_before = null, hold_reason = null, provider = i.provider, provider_message_id = i.provider_message_id,
        possible_duplicate = m.possible_duplicate or i.overtaken, error_code = i.error_code,
        counted_attempts = m.counted_attempts + m.attempt_open::int, error_detail = i.error_detail,
        cost_milli = cost_after(i.status, m.cost_milli, m.charged_milli), sent_at = coalesce(m.sent_at, ${now}),
        delivered_at = case when i.status = 'delivered' then coalesce(i.occurred_at, ${now}) end, updated_at = ${now}
      from input i where m.id = i.id
    ),
    -- What the receipts say of the providers goes where routing reads it. In order: two batches wait, and do not deadlock.
    counted as (
      insert into provider_minute as p (provider, minute, outcome, attempts, latency_ms, latency_ms_max)
      select provider, date_trunc('minute', ${now}::timestamptz), status, count(*), 0, 0 from input
      where status in ('delivered', 'undelivered') group by provider, status order by provider, status
      on conflict (provider, minute, outcome) do update set attempts = p.attempts + excluded.attempts
    )
    insert into message_event (message_id, status, at, provider, provider_message_id, error_code, detail)
    select id, status, ${now}, provider, provider_message_id, error_code, error_detail from input`.execute(
    trx,
  )
}
