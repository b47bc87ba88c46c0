import { sql } from 'kysely'
import { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'

export interface AttemptTally {
  provider: ProviderName
  /** The start of the minute. */
  minute: Date
  outcome: string
  attempts: number
  latencyMs: number
  latencyMsMax: number
}

/** Adds what this process counted to what all have counted. */
export async function addTallies(db: Db, tallies: readonly AttemptTally[]): Promise<void> {
  const rows = tallies
    .map((tally) => ({
      provider: tally.provider,
      minute: tally.minute.toISOString(),
      outcome: tally.outcome,
      attempts: tally.attempts,
      latency_ms: tally.latencyMs,
      latency_ms_max: tally.latencyMsMax,
    }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  await sql`
    insert into provider_minute as p (provider, minute, outcome, attempts, latency_ms, latency_ms_max)
    select provider, minute, outcome, attempts, latency_ms, latency_ms_max
    from json_populate_recordset(null::provider_minute, ${JSON.stringify(rows)}::json)
    on conflict (provider, minute, outcome) do update set attempts = p.attempts + excluded.attempts,
      latency_ms = p.latency_ms + excluded.latency_ms,
      latency_ms_max = greatest(p.latency_ms_max, excluded.latency_ms_max)`.execute(db)
}

function keyOf({
  provider,
  minute,
  outcome,
}: {
  provider: string
  minute: string
  outcome: string
}) {
  return `${provider} ${minute} ${outcome}`
}

export interface ProviderHealth {
  provider: ProviderName
  attempts: number
  accepted: number
  /** Of all attempts; null without any. */
  latencyMsMean: number | null
  latencyMsMax: number | null
}

/** Over the minutes since then. */
export async function readProviderHealth(db: Db, since: Date): Promise<ProviderHealth[]> {
  const names = [...ProviderName.options]
  const { rows } = await sql<{
    provider: ProviderName
    attempts: number
    accepted: number
    mean: number | null
    max: number | null
  }>`
    select provider, sum(attempts)::int as attempts,
      coalesce(sum(attempts) filter (where outcome = 'accepted'), 0)::int as accepted,
      (sum(latency_ms) / nullif(sum(attempts), 0))::int as mean, max(latency_ms_max) as max
    from provider_minute where provider = any(${names}) and minute >= ${since}
      and outcome not in ('delivered', 'undelivered') group by provider`.execute(db)
  return rows.map(({ provider, attempts, accepted, mean, max }) => ({
    provider,
    attempts,
    accepted,
    latencyMsMean: mean,
    latencyMsMax: max,
  }))
}

export interface ProviderSpan {
  /** Its start. */
  at: Date
  outcome: string
  attempts: number
  /** The sum over the attempts. */
  latencyMs: number
  latencyMsMax: number
}

/** Since then, by spans of so many minutes; those in which nothing happened are left out. */
export async function readProviderSpans(
  db: Db,
  provider: ProviderName,
  { since, minutes }: { since: Date; minutes: number },
): Promise<ProviderSpan[]> {
  const { rows } = await sql<ProviderSpan>`
    select date_bin(make_interval(mins => ${minutes}), minute, timestamptz '2000-01-01 00:00:00+00') as at, outcome,
      sum(attempts)::bigint as attempts, sum(latency_ms)::bigint as "latencyMs", max(latency_ms_max) as "latencyMsMax"
    from provider_minute where provider = ${provider} and minute >= ${since} group by 1, 2`.execute(
    db,
  )
  return rows
}

/** Minutes that nobody asks for any more. */
export async function pruneTallies(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('provider_minute').where('minute', '<', before).execute()
}
