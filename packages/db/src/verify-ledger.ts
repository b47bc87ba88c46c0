import { sql } from 'kysely'
import type { Db, DbTransaction } from './connect.ts'
import { listPartitions } from './partitions.ts'

export interface LedgerDifference {
  /** A message's id, or a counter's. */
  subject: string
  detail: string
}

export interface LedgerVerdict {
  messages: number
  counters: number
  /** The first of them. */
  differences: LedgerDifference[]
}

/** Messages a look: what is in memory at once does not grow with the ledger. */
const PAGE_SIZE = 10_000
const SHOWN = 20
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/**
 * Whether what the entries add up to is what each message holds, what a message was charged is what its parts have
 * cost, and each counter is what was counted on it: all as of one moment, while the gateway is at work.
 */
export async function verifyLedger(db: Db, pageSize = PAGE_SIZE): Promise<LedgerVerdict> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const verdict: LedgerVerdict = { messages: 0, counters: 0, differences: [] }
      const note = (found: readonly LedgerDifference[]) => {
        const room = SHOWN - verdict.differences.length
        verdict.differences.push(...found.slice(0, room))
      }
      for (let after = FIRST_ID; after !== LAST_ID;) {
        const page = await findPage(trx, after, pageSize)
        note(await compareEntries(trx, after, page.upTo))
        note(await compareCharges(trx, after, page.upTo))
        verdict.messages += page.messages
        after = page.upTo
      }
      const counters = await compareCounters(trx)
      note(counters.differences)
      return { ...verdict, counters: counters.count }
    })
}

async function findPage(trx: DbTransaction, after: string, pageSize: number) {
  const { rows } = await sql<{ count: number; last: string | null }>`
    select count(*)::int as count, max(id::text) as last
    from (select id from message where id > ${after} order by id limit ${pageSize}) page`.execute(
    trx,
  )
  const { count, last } = rows[0] ?? { count: 0, last: null }
  return { messages: count, upTo: count < pageSize || last === null ? LAST_ID : last }
}

interface Sums {
  id: string
  messages: number
  reserved: number
  spent: number
  entered_messages: number
  entered_reserved: number
  entered_spent: number
}

async function compareEntries(
  trx: DbTransaction,
  after: string,
  upTo: string,
): Promise<LedgerDifference[]> {
  const { rows } = await sql<Sums>`
    select id, coalesce(m.messages, 0) as messages, coalesce(m.reserved, 0) as reserved, coalesce(m.spent, 0) as spent,
      coalesce(e.messages, 0) as entered_messages, coalesce(e.reserved, 0) as entered_reserved,
      coalesce(e.spent, 0) as entered_spent
    from (select id, messages, reserved, spent from message_money where id > ${after} and id <= ${upTo}) m
    full join (
      select message_id as id, sum(messages)::int as messages, sum(reserved) as reserved, sum(spent) as spent
      from money_entry where message_id > ${after} and message_id <= ${upTo} group by message_id
    ) e using (id)
    where (coalesce(m.messages, 0), coalesce(m.reserved, 0), coalesce(m.spent, 0))
      <> (coalesce(e.messages, 0), coalesce(e.reserved, 0), coalesce(e.spent, 0))
    order by id limit ${SHOWN}`.execute(trx)
  return rows.map((row) => ({
    subject: `message ${row.id}`,
    detail:
      `counts ${row.messages}, holds ${row.reserved} and has spent ${row.spent}; its entries add up to ` +
      `${row.entered_messages}, ${row.entered_reserved} and ${row.entered_spent}`,
  }))
}

/** Where something was charged, it is the sum of the parts, and the cost of what was sent. */
async function compareCharges(
  trx: DbTransaction,
  after: string,
  upTo: string,
): Promise<LedgerDifference[]> {
  const { rows } = await sql<{ id: string; charged: number; parts: number; cost: number }>`
    select id, coalesce(m.charged_milli, 0) as charged, coalesce(p.milli, 0) as parts, m.cost_milli as cost
    from (select id, status, charged_milli, cost_milli from message where id > ${after} and id <= ${upTo}) m
    left join (
      select message_id as id, sum(charge_milli) as milli from provider_reference
      where message_id > ${after} and message_id <= ${upTo} group by message_id
    ) p using (id)
    where m.charged_milli is distinct from p.milli
      or m.cost_milli <> cost_after(m.status, m.cost_milli, m.charged_milli)
    order by id limit ${SHOWN}`.execute(trx)
  return rows.map(({ id, charged, parts, cost }) => ({
    subject: `message ${id}`,
    detail: `was charged ${charged} and costs ${cost}; the parts that were taken come to ${parts}`,
  }))
}

/** A counter whose first messages were dropped with their month cannot be added up any more. */
async function compareCounters(
  trx: DbTransaction,
): Promise<{ count: number; differences: LedgerDifference[] }> {
  const { money_entry: months } = await listPartitions(trx)
  const oldest = new Date(Math.min(Date.now(), ...months.map(({ from }) => from.getTime())))
  const { rows } = await sql<{ id: number; used: number; sum: number; total: number }>`
    with entered as (
      select counter as id, sum(messages) as messages, sum(reserved + spent) as milli
      from money_entry, unnest(counters) counter group by counter
    ),
    held as (select counter_id as id, sum(amount) as amount from budget_hold group by counter_id),
    known as (
      select c.id, c.used, c.base + coalesce(h.amount, 0)
        + coalesce(case c.unit when 'money' then e.milli else e.messages end, 0) as sum
      from budget_counter c left join entered e on e.id = c.id left join held h on h.id = c.id
      where c.period_start > ${oldest.toISOString().slice(0, 10)}::date
    )
    select id, used, sum::bigint as sum, (select count(*) from known) as total from known
    where used <> sum order by id limit ${SHOWN}`.execute(trx)
  const counted = await sql<{
    count: number
  }>`select count(*) as count from budget_counter`.execute(trx)
  return {
    count: counted.rows[0]?.count ?? 0,
    differences: rows.map(({ id, used, sum }) => ({
      subject: `counter ${id}`,
      detail: `stands at ${used}; what was counted on it comes to ${sum}`,
    })),
  }
}
