import type {
  OverviewBudget,
  OverviewLane,
  OverviewMinute,
  OverviewResponse,
} from '@sms-gateway/contracts/overview'
import type { FilledBudget } from '@sms-gateway/db/live-budgets'
import type { LiveCount, LiveDay } from '@sms-gateway/db/read-live'
import { LANES } from '@sms-gateway/domain/lane'
import { lookAhead } from '@sms-gateway/domain/lane-outlook'
import { CURRENCY, toDecimal } from '@sms-gateway/domain/money'
import { showAmount, toBudgetIdentity } from './budget-answers.ts'
import { withoutOperators } from './operators-words.ts'
import {
  MOST_BUDGETS,
  OVERVIEW_MINUTES,
  type OverviewFacts,
  type Owner,
  type Viewer,
} from './overview-facts.ts'

const MINUTE_MS = 60_000

/** What one of those who look sees of it. */
export function toOverview(facts: OverviewFacts, { owner, operates }: Viewer): OverviewResponse {
  const { now, providers } = facts
  const counts = facts.counts.filter(({ clientId, lane }) => clientId === owner && lane === null)
  const countOf = (state: LiveCount['state']) =>
    counts.filter((each) => each.state === state).reduce((sum, { count }) => sum + count, 0)
  const today = toToday(facts.days.find(({ clientId }) => clientId === owner))
  return {
    at: now.toISOString(),
    minutes: toMinutes(facts, owner),
    lanes: toLanes(facts),
    held: toHeld(facts, owner, counts),
    scheduled: countOf('scheduled'),
    in_doubt: countOf('in_doubt'),
    failed_today: today.failed,
    providers: operates ? providers : providers.map(withoutOperators),
    budgets: toBudgets(facts.budgets, owner),
    today,
  }
}

/** Every one of them, also those in which nothing happened. */
function toMinutes({ minutes, now }: OverviewFacts, owner: Owner): OverviewMinute[] {
  const known = new Map(
    minutes
      .filter(({ clientId, lane }) => clientId === owner && lane === null)
      .map((each) => [each.minute.getTime(), each]),
  )
  const running = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS
  return Array.from({ length: OVERVIEW_MINUTES }, (_, index) => {
    const at = running - (OVERVIEW_MINUTES - 1 - index) * MINUTE_MS
    const { accepted = 0, sent = 0, delivered = 0, failed = 0 } = known.get(at) ?? {}
    return {
      at: new Date(at).toISOString(),
      accepted: notBelow(accepted),
      sent: notBelow(sent),
      delivered: notBelow(delivered),
      failed: notBelow(failed),
    }
  })
}

/** Where more was taken back in a minute than happened: a failure that proved to be none. */
function notBelow(count: number): number {
  return Math.max(0, count)
}

/** Everybody's: what waits before a message is not its client's alone. */
function toLanes({ counts, minutes, oldest, now }: OverviewFacts): OverviewLane[] {
  return LANES.map((lane) => {
    const depth = counts
      .filter((each) => each.lane === lane && isToGo(each))
      .reduce((sum, { count }) => sum + count, 0)
    const ofLane = minutes.filter((each) => each.lane === lane)
    const { perMinute, secondsLeft } = lookAhead(depth, ofLane, now)
    const since = oldest.get(lane)
    const age = since && notBelow(Math.floor((now.getTime() - since.getTime()) / 1_000))
    return {
      lane,
      depth,
      // The counts are half a second behind the messages.
      oldest_seconds: depth === 0 ? null : (age ?? null),
      per_minute: perMinute,
      seconds_left: secondsLeft,
    }
  })
}

function isToGo({ state, reason }: LiveCount): boolean {
  return state === 'waiting' || (state === 'held' && reason === 'rate-limit')
}

function toHeld(
  { nextHeld }: OverviewFacts,
  owner: Owner,
  counts: readonly LiveCount[],
): OverviewResponse['held'] {
  const reasons = counts
    .filter(({ state }) => state === 'held')
    .map(({ reason, count }) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
  const times = [...nextHeld].filter(([clientId]) => owner === null || clientId === owner)
  const next = Math.min(...times.map(([, at]) => at.getTime()))
  return {
    count: reasons.reduce((sum, { count }) => sum + count, 0),
    next_at: reasons.length > 0 && Number.isFinite(next) ? new Date(next).toISOString() : null,
    reasons,
  }
}

function toBudgets(budgets: readonly FilledBudget[], owner: Owner): OverviewBudget[] {
  return budgets
    .filter(({ clientId }) => owner === null || clientId === owner)
    .slice(0, MOST_BUDGETS)
    .map((budget) => ({
      ...toBudgetIdentity(budget),
      limit: showAmount(budget.unit, budget.amount),
      used: showAmount(budget.unit, budget.used),
      share: Math.round(budget.share * 10_000) / 10_000,
    }))
}

function toToday(day: LiveDay | undefined): OverviewResponse['today'] {
  const { total = 0, sent = 0, delivered = 0, failed = 0, costMilli = 0 } = day ?? {}
  return {
    total,
    sent,
    delivered,
    failed,
    cost: { amount: toDecimal(costMilli), currency: CURRENCY },
  }
}
