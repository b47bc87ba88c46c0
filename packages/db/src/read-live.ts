import { sql } from 'kysely'
import type { Lane } from '@sms-gateway/domain/lane'
import { NEVER } from './campaign-unsent.ts'
import type { Db } from './connect.ts'
import type { StatNowTable } from './schema/stats.ts'

/** Whose; null: everybody's together. */
type Owner = string | null

export interface LiveMinute {
  clientId: Owner
  /** Of everybody's only: of this lane alone. */
  lane: Lane | null
  minute: Date
  accepted: number
  sent: number
  delivered: number
  failed: number
}

/** Each minute since then, of everybody by lane and in all, and of each of these clients. */
export async function readMinutes(
  db: Db,
  clientIds: readonly string[],
  since: Date,
): Promise<LiveMinute[]> {
  const { rows } = await sql<LiveMinute>`
    select client_id as "clientId", lane, minute, sum(accepted)::bigint as accepted, sum(sent)::bigint as sent,
      sum(delivered)::bigint as delivered, sum(failed)::bigint as failed
    from stat_minute where minute >= ${since}
    group by grouping sets ((minute), (minute, lane), (minute, client_id))
    having client_id is null or client_id = any(${clientIds}::uuid[])`.execute(db)
  return rows
}

export interface LiveCount {
  clientId: Owner
  /** Of everybody's only: of this lane alone. */
  lane: Lane | null
  state: StatNowTable['state']
  reason: string
  count: number
}

/** How many messages are where, of everybody by lane and in all, and of each of these clients. */
export async function readStates(db: Db, clientIds: readonly string[]): Promise<LiveCount[]> {
  const { rows } = await sql<LiveCount>`
    select client_id as "clientId", lane, state, reason, sum(count)::bigint as count from stat_now
    group by grouping sets ((state, reason), (state, reason, lane), (state, reason, client_id))
    having (client_id is null or client_id = any(${clientIds}::uuid[])) and sum(count) > 0`.execute(
    db,
  )
  return rows
}

export interface LiveDay {
  clientId: Owner
  total: number
  sent: number
  delivered: number
  failed: number
  costMilli: number
}

/** Of the messages accepted on this day, everybody's and of each of these clients. */
export async function readDay(
  db: Db,
  clientIds: readonly string[],
  day: string,
): Promise<LiveDay[]> {
  const { rows } = await sql<LiveDay>`
    select client_id as "clientId", sum(total)::bigint as total, sum(sent)::bigint as sent,
      sum(delivered)::bigint as delivered, sum(failed)::bigint as failed, sum(cost_milli)::bigint as "costMilli"
    from stat_day where day = ${day}::date
    group by grouping sets ((), (client_id))
    having sum(total) is not null and (client_id is null or client_id = any(${clientIds}::uuid[]))`.execute(
    db,
  )
  return rows
}

/** As many of a lane are looked at, those that are due first: the oldest is among them, or not much older. */
const LOOK_AT = 300
/** What was rung for is due again only then: see ring-messages.ts. */
const RUNG_AHEAD_SECONDS = 31

/** Since when the longest waiting message of each lane could go, as far as a look at some of them tells. */
export async function readOldest(
  db: Db,
  lanes: readonly Lane[],
  now: Date,
): Promise<Map<Lane, Date>> {
  const until = new Date(now.getTime() + RUNG_AHEAD_SECONDS * 1_000)
  const { rows } = await sql<{ lane: Lane; since: Date }>`
    select l.lane, min(coalesce(released.at, first.created_at)) as since
    from unnest(${lanes}::text[]) as l(lane)
    cross join lateral (
      select id, created_at from (
        select id, status, hold_reason, created_at from message m
        where m.lane = l.lane and m.status in ('accepted', 'scheduled', 'held', 'queued') and m.ring_at <= ${until}
        order by m.ring_at limit ${LOOK_AT}
      ) due
      where status in ('accepted', 'queued') or hold_reason = 'rate-limit'
      order by id limit 5
    ) first
    left join lateral (
      -- What was held or scheduled waits for its turn only since it was let go.
      select min(q.at) as at from message_event q
      where q.message_id = first.id and q.status = 'queued' and q.id > (
        select max(h.id) from message_event h where h.message_id = first.id and h.status in ('held', 'scheduled')
          and h.detail is distinct from 'rate-limit')
    ) released on true
    group by l.lane`.execute(db)
  return new Map(rows.map(({ lane, since }) => [lane, since]))
}

/**
 * When the first message of each client goes by itself, of those that are held for a time, as far as a look at some of
 * them tells: those of a stopped campaign keep their times and do not.
 */
export async function readNextHeld(db: Db): Promise<Map<string, Date>> {
  const { rows } = await sql<{ clientId: string; at: Date | null }>`
    select c.client_id as "clientId", (
      select min(first.not_before) filter (where first.ring_at < ${NEVER}) from (
        select m.not_before, m.ring_at from message m
        where m.client_id = c.client_id and m.status = 'held' and m.hold_reason <> 'fraud-check' and m.not_before is not null
        order by m.not_before limit ${LOOK_AT}
      ) first
    ) as at
    from (select distinct client_id from stat_now where state = 'held' and count > 0) c`.execute(db)
  return new Map(rows.flatMap(({ clientId, at }) => (at ? [[clientId, at]] : [])))
}
