import { type Selectable, sql } from 'kysely'
import type { DbTransaction } from './connect.ts'
import type { Reference } from './provider-reference.ts'
import { referenceKey } from './provider-reference.ts'
import type { ReceiptTable } from './schema/receipts.ts'
import { SAYS_UNSENT } from './untaken-end.ts'

export type Receipt = Selectable<ReceiptTable>

/**
 * A receipt that bears our attempt id proves that its attempt was taken, whether or not the submission's own answer
 * has come: the attempt is settled by it, and the provider's id becomes known. Where a look-up has given that id to a
 * twin (the same text to the same number), the twin keeps it, and this doubt goes on: it has the twin's for the taking.
 */
// eslint-disable-next-line max-lines-per-function -- one statement
export async function claimReferences(
  trx: DbTransaction,
  receipts: readonly Receipt[],
  now: Date,
): Promise<void> {
  const named = receipts.filter(({ message_id: id }) => id !== null)
  if (named.length === 0) return
  const input = JSON.stringify(
    named.map(({ provider, reference, message_id, attempt_number }) => ({
      provider,
      reference,
      message_id,
      attempt_number,
    })),
  )
  await sql`
    with input as (
      select distinct provider, reference, message_id, attempt_number
      from json_populate_recordset(null::provider_reference, ${input}::json)
    ),
    locked as (select id from message where id in (select message_id from input) order by id for update),
    claimed as (
      insert into provider_reference (provider, reference, message_id, attempt_number, part, parts, delivery_status,
        created_at, charge_milli)
      select i.provider, i.reference, i.message_id, i.attempt_number, 1, 1, 'accepted', ${now},
        charge_of(i.provider, m.country, m.segments, ${now})
      from input i join locked on locked.id = i.message_id join message m on m.id = i.message_id
      join attempt a on a.message_id = i.message_id and a.number = i.attempt_number and a.provider = i.provider
      order by i.provider, i.reference
      on conflict (provider, reference) do nothing
      returning provider, message_id, attempt_number, charge_milli
    ),
    owned as (
      select provider, message_id, attempt_number from claimed
      union
      select i.provider, i.message_id, i.attempt_number from input i
      join provider_reference p on p.provider = i.provider and p.reference = i.reference
        and p.message_id = i.message_id and p.attempt_number = i.attempt_number
    ),
    settled as (
      update attempt a set state = 'accepted', settled_at = ${now}, check_at = null, error_code = null,
        error_detail = null
      from owned o join locked on locked.id = o.message_id
      where a.message_id = o.message_id and a.number = o.attempt_number and a.provider = o.provider
        and a.state in ('open', 'in_doubt', 'absent')
      returning a.message_id, a.number
    ),
    change as (
      select message_id, sum(milli)::int as milli, min(number) as number
      from (
        select message_id, charge_milli as milli, null as number from claimed
        union all
        select message_id, null, number from settled
      ) each group by message_id
    )
    update message m set possible_duplicate = m.possible_duplicate
        or coalesce(m.attempt_number > c.number, false) or ${SAYS_UNSENT},
      charged_milli = add_charge(m.charged_milli, c.milli),
      cost_milli = cost_after(m.status, m.cost_milli, add_charge(m.charged_milli, c.milli)), updated_at = ${now}
    from change c where m.id = c.message_id and (c.milli is not null or m.attempt_number > c.number or ${SAYS_UNSENT})`.execute(
    trx,
  )
}

/** All parts of all messages that the receipts speak of, by provider and reference, with their messages locked. */
export async function findReferences(
  trx: DbTransaction,
  receipts: readonly Receipt[],
): Promise<Map<string, Reference>> {
  if (receipts.length === 0) return new Map()
  const input = JSON.stringify(receipts.map(({ provider, reference }) => ({ provider, reference })))
  const { rows: locked } = await sql<{ id: string }>`
    select id from message where id in (
      select p.message_id from provider_reference p
      join json_populate_recordset(null::provider_reference, ${input}::json) i
        on i.provider = p.provider and i.reference = p.reference
    ) order by id for update`.execute(trx)
  if (locked.length === 0) return new Map()
  const rows = await trx
    .selectFrom('provider_reference')
    .selectAll()
    .where(
      'message_id',
      'in',
      locked.map(({ id }) => id),
    )
    .execute()
  return new Map(rows.map((row) => [referenceKey(row), row]))
}
