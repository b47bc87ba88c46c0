import type { Lane } from './lane.ts'
import type { MilliTwd } from './money.ts'
import type { ProviderName } from './provider.ts'
import type { RoutingPlan } from './routing-plan.ts'

/** `SMS_ROUTING`: the order as configured, the cheapest first, or what the last minutes have shown. */
export type RoutingMode = 'priority' | 'cost' | 'smart'

export interface RouteQuestion {
  mode: RoutingMode
  /** Primary, then fallbacks. */
  order: readonly ProviderName[]
  lane: Lane
  /** In [0, 1), the same for each attempt of a message. */
  lot: number
  priceOf: (provider: ProviderName) => MilliTwd
  /** None yet: the order as configured. */
  plan: RoutingPlan | undefined
}

export interface RouteOrder {
  order: readonly ProviderName[]
  /** Of the first; null where there is nothing to explain. */
  reason: string | null
}

/** Which providers a message tries, in order, and why. What is urgent is never a canary. */
export function orderRoutes(question: RouteQuestion): RouteOrder {
  const { mode, order, plan, priceOf } = question
  switch (mode) {
    case 'priority':
      return { order, reason: null }
    case 'cost':
      return {
        order: order.toSorted((a, b) => priceOf(a) - priceOf(b)),
        reason: 'the cheapest first',
      }
    case 'smart':
      return plan ? byPlan(plan, question) : { order, reason: 'nothing is known yet' }
  }
}

function byPlan(plan: RoutingPlan, { order, lane, lot }: RouteQuestion): RouteOrder {
  const { preferred, shares } = plan
  const first = lane === 'urgent' ? preferred : draw(shares, order, lot)
  const rest = order
    .filter((provider) => provider !== first)
    .toSorted((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0))
  if (first === undefined) return { order, reason: 'nothing is known yet' }
  const share = Math.round((shares[first] ?? 0) * 100)
  const reason =
    first === preferred ? `preferred: ${plan.reason}` : `one of the ${share} % that try ${first}`
  return { order: [first, ...rest], reason }
}

function draw(
  shares: RoutingPlan['shares'],
  order: readonly ProviderName[],
  lot: number,
): ProviderName | undefined {
  let sum = 0
  return (
    order.find((provider) => {
      sum += shares[provider] ?? 0
      return lot < sum
    }) ?? order[0]
  )
}

/** A message's lot: the last 32 bits of its UUIDv7 are random, and stay the same for all its attempts. */
export function lotOf(messageId: string): number {
  return Number.parseInt(messageId.slice(-8), 16) / 2 ** 32
}
