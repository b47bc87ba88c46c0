import { sql } from 'kysely'
import { EACH, startOfPeriod } from '@sms-gateway/domain/budget'
import { firstIdAt } from '@sms-gateway/domain/ids'
import { addDays, dayOf, spanOfDays } from '@sms-gateway/domain/local-days'
import { ADVISORY_LOCKS, withAdvisoryLock } from './advisory-lock.ts'
import { listFamilies, markFamily, type StoredFamily, toKey } from './budget-families.ts'
import { NO_CLIENT } from './budgets.ts'
import type { Db } from './connect.ts'
import { noteStanding } from './note-standing.ts'

export interface CountOptions {
  now: Date
  /** `SMS_TIMEZONE` */
  timeZone: string
}

/** Every process knows a budget by then, and what it had in hand is committed. */
const SETTLED_MS = 15_000
/** Counters a statement. */
const CHUNK = 1_000

/**
 * Adds to the counters what was accepted in their day or month before their budgets were set. A day at a time, so that no
 * statement is long, and by one process at a time. Twice: at once, and again when nobody can be left who did not know the
 * budget. Safe to repeat.
 */
export async function countBudgets(db: Db, { now, timeZone }: CountOptions): Promise<void> {
  await withAdvisoryLock(db, ADVISORY_LOCKS.budgets, async () => {
    const settled = now.getTime() - SETTLED_MS
    for (const family of (await listFamilies(db)).values()) {
      if (family.state === 'counting') await countFamily(db, family, { now, timeZone })
      if (family.state === 'settling' && family.setAt.getTime() <= settled) {
        await countFamily(db, family, { now, timeZone })
      }
    }
  })
}

async function countFamily(
  db: Db,
  family: StoredFamily,
  { now, timeZone }: CountOptions,
): Promise<void> {
  const today = dayOf(now, timeZone)
  const first = startOfPeriod(family.period, today)
  const sums = new Map<string, Sum>()
  // One of each has as many counters as there are of them, and one that names one has that one.
  if (!isOfEach(family)) {
    const { client_id: clientId, key } = toKey(family)
    addSum(sums, { client_id: clientId, key, amount: 0 })
  }
  for (let day = first; day <= today; day = addDays(day, 1)) {
    for (const sum of await sumDay(db, family, { first, ...spanOfDays(day, day, timeZone) })) {
      addSum(sums, sum)
    }
  }
  const rows = [...sums.values()]
  for (let start = 0; start < rows.length; start += CHUNK) {
    await setBases(db, family, first, rows.slice(start, start + CHUNK))
  }
  await noteStanding(db, family, { periodStart: first, now })
  await markFamily(db, family, family.state === 'counting' ? 'settling' : 'counted')
}

interface Sum {
  client_id: string
  key: string
  amount: number
}

function addSum(sums: Map<string, Sum>, sum: Sum): void {
  const id = `${sum.client_id} ${sum.key}`
  sums.set(id, { ...sum, amount: (sums.get(id)?.amount ?? 0) + sum.amount })
}

function isOfEach({ scope, clientId, key }: StoredFamily): boolean {
  return key === EACH || (clientId === null && (scope === 'client' || scope === 'customer'))
}

/** What the messages of a day hold that are not counted on their counter: see `message_money` for what a message holds. */
async function sumDay(
  db: Db,
  family: StoredFamily,
  { first, from, before }: { first: string; from: Date; before: Date },
): Promise<Sum[]> {
  const { scope, clientId, key, period, unit } = family
  const isShared = scope === 'all' || (scope === 'message_type' && clientId === null)
  const client = isShared ? sql`${NO_CLIENT}::uuid` : sql`m.client_id`
  const column = { all: sql`''`, client: sql`''`, customer: sql`m.customer_id` }
  const value = scope === 'message_type' ? sql`m.message_type` : column[scope]
  const ofKey = key === EACH || key === '' ? sql`` : sql`and ${value} = ${key}`
  const { rows } = await sql<Sum>`
    select ${client} as client_id, ${value} as key,
      sum(${unit === 'money' ? sql`h.reserved + h.spent` : sql`h.messages`})::bigint as amount
    from message m join message_money h on h.id = m.id
    left join budget_counter c on c.scope = ${scope} and c.client_id = ${client} and c.key = ${value}
      and c.period = ${period} and c.period_start = ${first} and c.unit = ${unit}
    where m.id >= ${firstIdAt(from)} and m.id < ${firstIdAt(before)}
      and h.id >= ${firstIdAt(from)} and h.id < ${firstIdAt(before)}
      ${clientId === null ? sql`` : sql`and m.client_id = ${clientId}`}
      ${scope === 'customer' ? sql`and m.customer_id is not null` : sql``} ${ofKey}
      and (c.id is null or m.budget_counters is null or c.id <> all(m.budget_counters))
    group by 1, 2`.execute(db)
  return rows
}

/** Whatever was counted on it meanwhile stays: its base alone is another one now. */
async function setBases(
  db: Db,
  family: StoredFamily,
  periodStart: string,
  sums: readonly Sum[],
): Promise<void> {
  const { scope, period, unit } = family
  const rows = JSON.stringify(sums)
  await db.transaction().execute(async (trx) => {
    await sql`
      insert into budget_counter (scope, client_id, key, period, period_start, unit, base, used)
      select ${scope}, client_id, key, ${period}, ${periodStart}, ${unit}, 0, 0
      from json_to_recordset(${rows}::json) s(client_id uuid, key text)
      order by client_id, key on conflict do nothing`.execute(trx)
    // Locked in the order in which everybody locks them.
    await sql`
      with locked as (
        select c.id, s.amount from json_to_recordset(${rows}::json) s(client_id uuid, key text, amount bigint)
        join budget_counter c on c.scope = ${scope} and c.client_id = s.client_id and c.key = s.key
          and c.period = ${period} and c.period_start = ${periodStart} and c.unit = ${unit}
        order by c.id for update of c
      )
      update budget_counter b set used = b.used - b.base + l.amount, base = l.amount
      from locked l where b.id = l.id`.execute(trx)
  })
}
