import type {
  RouteAnswerResponse,
  RouteQuestionRequest,
} from '@sms-gateway/contracts/route-question'
import type { Db } from '@sms-gateway/db/connect'
import { listPrices } from '@sms-gateway/db/prices'
import { listProviderStates, type ProviderState } from '@sms-gateway/db/provider-states'
import { listRoutingPlans } from '@sms-gateway/db/routing-plans'
import { admit, type CircuitPolicy } from '@sms-gateway/domain/circuit'
import { chooseLane } from '@sms-gateway/domain/lane'
import { CURRENCY, priceOf, toDecimal } from '@sms-gateway/domain/money'
import type { ProviderName } from '@sms-gateway/domain/provider'
import { orderRoutes, type RoutingMode } from '@sms-gateway/domain/route-order'

export interface SimulateDeps {
  db: Db
  circuitPolicy: CircuitPolicy
  routing: { mode: RoutingMode; order: readonly ProviderName[] }
}

/** The question names no recipient. */
const HOME_COUNTRY = 'TW'
const DECISIONS = 10
/** No canary: what most messages do. */
const LAST_LOT = 1 - 2 ** -32

/** Asks the same functions as the dispatcher does, about a message that is not there. */
export async function simulateRoute(
  { db, circuitPolicy, routing }: SimulateDeps,
  { message_type: messageType, priority, segments }: RouteQuestionRequest,
  now: Date,
): Promise<RouteAnswerResponse> {
  const [states, plans, prices] = await Promise.all([
    listProviderStates(db),
    routing.mode === 'smart' ? listRoutingPlans(db, DECISIONS) : [],
    listPrices(db),
  ])
  const plan = plans[0]?.plan
  const lane = plan ? 'urgent' : chooseLane(messageType, priority)
  const price = (provider: ProviderName) =>
    priceOf(prices, { provider, country: HOME_COUNTRY, at: now }, segments)
  const { order, reason } = orderRoutes({ ...routing, lane, lot: LAST_LOT, priceOf: price, plan })
  const candidates = order.map((provider) => ({
    provider,
    ...judge(
      states.find((state) => state.provider === provider),
      circuitPolicy,
      now,
    ),
    share: plan ? (plan.shares[provider] ?? 0) : null,
    cost: { amount: toDecimal(price(provider)), currency: CURRENCY },
  }))
  return {
    mode: routing.mode,
    provider: candidates.find(({ usable }) => usable)?.provider ?? null,
    candidates,
    reason: reason ?? 'the order of SMS_PRIMARY_PROVIDER and SMS_FALLBACK_PROVIDERS',
    decisions: plans.map(({ plan: { preferred, shares, reason: because }, scores, at }) => ({
      at: at.toISOString(),
      preferred,
      shares,
      reason: because,
      scores,
    })),
  }
}

function judge(
  state: ProviderState | undefined,
  policy: CircuitPolicy,
  now: Date,
): { usable: boolean; why: string } {
  if (!state) return { usable: true, why: 'its circuit is closed' }
  if (!state.enabled) return { usable: false, why: 'switched off by an operator' }
  const admission = admit(state.circuit, policy, now)
  if (admission.kind !== 'open')
    return { usable: true, why: `its circuit is ${state.circuit.state}` }
  return { usable: false, why: `its circuit is open until ${admission.until.toISOString()}` }
}
