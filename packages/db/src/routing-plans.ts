import { sql } from 'kysely'
import { z } from 'zod'
import { ProviderName } from '@sms-gateway/domain/provider'
import type { RoutingPlan } from '@sms-gateway/domain/routing-plan'
import type { ProviderMinute, ProviderScore } from '@sms-gateway/domain/routing-score'
import type { Db } from './connect.ts'

const Plan = z.object({
  preferred: ProviderName,
  shares: z.partialRecord(ProviderName, z.number()),
  since: z.coerce.date(),
  challenger: z.object({ provider: ProviderName, times: z.number() }).nullable(),
  reason: z.string(),
})

/** What each provider did, minute by minute, since then. */
export async function readProviderMinutes(db: Db, since: Date): Promise<ProviderMinute[]> {
  const { rows } = await sql<{
    provider: ProviderName
    minute: Date
    taken: number
    failed: number
    delivered: number
    undelivered: number
    latency: number
  }>`
    select provider, minute,
      coalesce(sum(attempts) filter (where outcome in ('accepted', 'partial')), 0)::int as taken,
      coalesce(sum(attempts) filter (where outcome in ('unreachable', 'in_doubt', 'throttled')), 0)::int as failed,
      coalesce(sum(attempts) filter (where outcome = 'delivered'), 0)::int as delivered,
      coalesce(sum(attempts) filter (where outcome = 'undelivered'), 0)::int as undelivered,
      coalesce(sum(latency_ms) filter (where outcome in ('accepted', 'partial', 'unreachable', 'in_doubt', 'throttled')), 0)
        ::float8 as latency
    from provider_minute where minute >= ${since} group by provider, minute`.execute(db)
  return rows.map(({ latency, ...row }) => ({ ...row, latencyMsSum: latency }))
}

export interface StoredPlan {
  plan: RoutingPlan
  scores: unknown
  at: Date
}

/** Newest first. */
export async function listRoutingPlans(db: Db, limit: number): Promise<StoredPlan[]> {
  const rows = await db
    .selectFrom('routing_plan')
    .select(['plan', 'scores', 'at'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ plan, scores, at }) => ({ plan: Plan.parse(plan), scores, at }))
}

export async function findRoutingPlan(db: Db): Promise<RoutingPlan | undefined> {
  const [newest] = await listRoutingPlans(db, 1)
  return newest?.plan
}

export async function saveRoutingPlan(
  db: Db,
  plan: RoutingPlan,
  scores: readonly ProviderScore[],
  now: Date,
): Promise<void> {
  await db
    .insertInto('routing_plan')
    .values({
      at: now,
      preferred: plan.preferred,
      plan: JSON.stringify(plan),
      scores: JSON.stringify(scores),
    })
    .execute()
}

/** Old decisions; the one in force stays. */
export async function pruneRoutingPlans(db: Db, before: Date): Promise<void> {
  await sql`delete from routing_plan where at < ${before} and id < (select max(id) from routing_plan)`.execute(
    db,
  )
}
