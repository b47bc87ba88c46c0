import { sql } from 'kysely'
import {
  type FraudLimits,
  listNeighbours,
  nextRun,
  type OtpCounts,
  prefixOf,
} from '@sms-gateway/domain/fraud-check'
import type { Phone } from '@sms-gateway/domain/phone'
import type { Db, DbTransaction } from './connect.ts'
import { retryDeadlock } from './retry-deadlock.ts'
import { toHex } from './to-hex.ts'
import type { Vault } from './vault.ts'

export interface OtpRequest {
  clientId: string
  phone: Phone
  at: Date
}

const MINUTE_MS = 60_000
const KEPT_HOURS = 25
const COUNTED = ['number', 'prefix', 'client'] as const

/**
 * Counts the one-time passwords that were asked for, these among them, by the minute and under keyed hashes. Those of
 * one client are counted one after the other, whichever process they come to.
 */
export async function countOtps(
  db: Db,
  vault: Vault,
  requests: readonly OtpRequest[],
  limits: FraudLimits,
): Promise<OtpCounts[]> {
  const keyed = requests.map((request) => ({ ...request, keys: toKeys(vault, request) }))
  return retryDeadlock(() =>
    db.transaction().execute(async (trx) => {
      await add(trx, keyed)
      const sums = await sum(trx, keyed, limits)
      const runs = await advanceRuns(trx, vault, keyed)
      return keyed.map(({ keys }, index) => {
        const later = keyed.slice(index + 1)
        const count = (each: (typeof COUNTED)[number]) =>
          (sums.get(keys[each]) ?? 0) -
          later.filter((other) => other.keys[each] === keys[each]).length
        return {
          number: count('number'),
          prefix: count('prefix'),
          client: count('client'),
          run: runs[index] ?? 1,
        }
      })
    }),
  )
}

type Keyed = OtpRequest & { keys: Record<(typeof COUNTED)[number], string> }

function toKeys(vault: Vault, { clientId, phone }: OtpRequest): Keyed['keys'] {
  const key = (what: string, value: string) =>
    toHex(vault.mac('otp velocity', JSON.stringify([what, value])))
  return {
    number: key('number', phone),
    prefix: key('prefix', prefixOf(phone)),
    client: key('client', clientId),
  }
}

/** In the order of the keys, so that two who count the same wait for each other. */
async function add(trx: DbTransaction, keyed: readonly Keyed[]): Promise<void> {
  const counts = new Map<string, { key: string; minute: Date; count: number }>()
  for (const { keys, at } of keyed) {
    const minute = new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)
    for (const key of COUNTED.map((each) => keys[each])) {
      const place = `${key} ${minute.toISOString()}`
      counts.set(place, { key, minute, count: (counts.get(place)?.count ?? 0) + 1 })
    }
  }
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  await sql`
    insert into otp_minute as o (key, minute, count)
    select key, minute, count from json_populate_recordset(null::otp_minute, ${JSON.stringify(rows)}::json)
    on conflict (key, minute) do update set count = o.count + excluded.count`.execute(trx)
}

async function sum(
  trx: DbTransaction,
  keyed: readonly Keyed[],
  limits: FraudLimits,
): Promise<ReadonlyMap<string, number>> {
  const asked = keyed.flatMap(({ keys, at }) =>
    COUNTED.map((each) => ({ key: keys[each], since: minutesBefore(at, limits[each]?.minutes) })),
  )
  const distinct = [...new Map(asked.map((each) => [each.key, each])).values()]
  const { rows } = await sql<{ key: string; count: number }>`
    select '\\x' || encode(a.key, 'hex') as key, sum(o.count)::int as count
    from json_to_recordset(${JSON.stringify(distinct)}::json) a(key bytea, since timestamptz)
    join otp_minute o on o.key = a.key and o.minute > a.since
    group by a.key`.execute(trx)
  return new Map(rows.map(({ key, count }) => [key, count]))
}

function minutesBefore(at: Date, minutes = 1): Date {
  return new Date(at.getTime() - minutes * MINUTE_MS)
}

async function advanceRuns(
  trx: DbTransaction,
  vault: Vault,
  keyed: readonly Keyed[],
): Promise<number[]> {
  const keyOf = (clientId: string, phone: string) =>
    toHex(vault.mac('otp run', JSON.stringify([clientId, phone])))
  const places = keyed.map(({ clientId, phone, at }) => ({
    own: keyOf(clientId, phone),
    below: listNeighbours(phone).map((each) => keyOf(clientId, each)),
    at,
  }))
  const since = new Date(Math.min(...places.map(({ at }) => at.getTime())) - MINUTE_MS)
  const keys = places.flatMap(({ own, below }) => [own, ...below])
  const { rows } = await sql<{ key: string; length: number }>`
    select '\\x' || encode(key, 'hex') as key, length from otp_run
    where key = any(${keys}::bytea[]) and at > ${since}`.execute(trx)
  const lengths = new Map(rows.map(({ key, length }) => [key, length]))
  const runs = places.map(({ own, below }) => {
    const length = nextRun(
      lengths.get(own),
      below.map((key) => lengths.get(key) ?? 0),
    )
    lengths.set(own, length)
    return length
  })
  const kept = new Map(
    places.map(({ own, at }) => [own, { key: own, at, length: lengths.get(own) }]),
  )
  const sorted = [...kept.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  await sql`
    insert into otp_run (key, length, at)
    select key, length, at from json_populate_recordset(null::otp_run, ${JSON.stringify(sorted)}::json)
    on conflict (key) do update set length = excluded.length, at = excluded.at`.execute(trx)
  return runs
}

export async function pruneOtpCounts(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_HOURS * 60 * MINUTE_MS)
  await db.deleteFrom('otp_minute').where('minute', '<', before).execute()
  await db.deleteFrom('otp_run').where('at', '<', before).execute()
}
