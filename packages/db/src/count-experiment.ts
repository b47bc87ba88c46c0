import { sql } from 'kysely'
import type { Experiment } from '@sms-gateway/domain/experiment'
import type { ArmCounts } from '@sms-gateway/domain/experiment-results'
import type { Db } from './connect.ts'

/** A larger test is judged by its first messages, which is as right: 200,000 take about a second. */
const MAX_COUNTED = 200_000

export interface ExperimentCounts {
  arms: ArmCounts[]
  /** False where the test has more messages than are counted. */
  complete: boolean
}

interface Row {
  counted: number
  /** Null where none of the counted ones is the client's. */
  variant: string | null
  held_out: boolean
  messages: number
  cost_milli: number
  people: number
  settled: number
  delivered: number
  failed: number
  opted_out: number
  replied: number
}

/**
 * What became of the messages of a test, for each variant and the hold-out: of all of them, or of one client's. Of a person
 * only the first message counts, and only once its window has passed.
 */
export async function countExperiment(
  db: Db,
  { id, windowHours }: Pick<Experiment, 'id' | 'windowHours'>,
  {
    now,
    clientId,
    limit = MAX_COUNTED,
  }: { now: Date; clientId?: string | undefined; limit?: number },
): Promise<ExperimentCounts> {
  const isOwn = clientId === undefined ? sql`true` : sql`client_id = ${clientId}`
  const { rows } = await sql<Row>`
    with counted as materialized (
      select id, client_id, recipient_hash, channel, variant, held_out, status, cost_milli, delivered_at,
        status not in ('accepted', 'scheduled', 'held', 'queued', 'sending', 'cancelled', 'suppressed') as gone,
        coalesce(sent_at, updated_at) as gone_at
      from message where experiment_id = ${id} order by id limit ${limit}
    ),
    enrolled as (select * from counted where ${isOwn}),
    first as (select distinct on (recipient_hash) * from enrolled order by recipient_hash, id),
    outcome as (
      select variant, held_out, settled,
        settled and delivered_at is not null and delivered_at <= until as delivered,
        settled and status in ('failed', 'undelivered', 'expired') as failed,
        settled and exists (select from permission_event e where e.recipient_hash = first.recipient_hash
          and e.channel = first.channel and e.change = 'opted-out' and e.at > gone_at and e.at <= until) as opted_out,
        settled and exists (select from inbound i where i.sender_hash = first.recipient_hash and i.message_id = first.id
          and i.keyword is distinct from 'stop' and i.received_at <= until) as replied
      from first
      cross join lateral (select gone_at + make_interval(hours => ${windowHours}) as until) as span
      cross join lateral (select gone and until <= ${now} as settled) as state
    ),
    people as (
      select variant, held_out, count(*) as people, count(*) filter (where settled) as settled,
        count(*) filter (where delivered) as delivered, count(*) filter (where failed) as failed,
        count(*) filter (where opted_out) as opted_out,
        count(*) filter (where replied) as replied
      from outcome group by variant, held_out
    ),
    spent as (
      select variant, held_out, count(*) as messages,
        coalesce(sum(cost_milli) filter (where gone and status not in ('failed', 'expired')), 0) as cost_milli
      from enrolled group by variant, held_out
    )
    select total.counted, arm.* from (select count(*)::int as counted from counted) as total
    left join (select * from people join spent using (variant, held_out)) as arm on true`.execute(
    db,
  )
  const arms = rows.flatMap((row) => (row.variant === null ? [] : [toCounts(row, row.variant)]))
  return { arms, complete: (rows[0]?.counted ?? 0) < limit }
}

function toCounts(row: Row, variant: string): ArmCounts {
  return {
    variant,
    heldOut: row.held_out,
    messages: row.messages,
    costMilli: row.cost_milli,
    people: row.people,
    settled: row.settled,
    delivered: row.delivered,
    failed: row.failed,
    optedOut: row.opted_out,
    replied: row.replied,
  }
}
