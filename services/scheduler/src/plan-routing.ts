import { isDeepStrictEqual } from 'node:util'
import { ADVISORY_LOCKS, withAdvisoryLock } from '@sms-gateway/db/advisory-lock'
import type { Db } from '@sms-gateway/db/connect'
import { listPrices } from '@sms-gateway/db/prices'
import { listProviderStates } from '@sms-gateway/db/provider-states'
import {
  findRoutingPlan,
  readProviderMinutes,
  saveRoutingPlan,
} from '@sms-gateway/db/routing-plans'
import { priceOf } from '@sms-gateway/domain/money'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import { planRoutes, ROUTING_POLICY } from '@sms-gateway/domain/routing-plan'
import { scoreProvider } from '@sms-gateway/domain/routing-score'
import type { Logger } from '@sms-gateway/service-kit/logger'

export interface PlanRoutingDeps {
  db: Db
  /** Those that have credentials. */
  providers: ReadonlyMap<ProviderName, Provider>
  /** Primary, then fallbacks. */
  order: readonly ProviderName[]
  now: () => Date
  logger: Logger
}

/** Where most messages go: there is one plan for all of them. */
const HOME_COUNTRY = 'TW'
/** A minute's weight after so long is a thousandth. */
const LOOK_BACK_MS = 10 * 60_000

/** One plan for all dispatchers, of what all of them have seen. Stored with its reasons where anything changed. */
export async function planRouting(deps: PlanRoutingDeps): Promise<void> {
  const { db, providers, now, logger } = deps
  await withAdvisoryLock(db, ADVISORY_LOCKS.routing, async () => {
    const at = now()
    const [before, minutes, states, book] = await Promise.all([
      findRoutingPlan(db),
      readProviderMinutes(db, new Date(at.getTime() - LOOK_BACK_MS)),
      listProviderStates(db),
      listPrices(db),
    ])
    const isOff = (name: ProviderName) =>
      states.some(({ provider, enabled }) => provider === name && !enabled)
    const usable = deps.order.filter((name) => providers.has(name) && !isOff(name))
    if (usable.length === 0) return
    const prices = new Map(
      usable.map((provider) => [
        provider,
        priceOf(book, { provider, country: HOME_COUNTRY, at }, 1),
      ]),
    )
    const cheapest = Math.min(...prices.values())
    const scores = usable.map((name) =>
      scoreProvider(name, minutes, { price: prices.get(name) ?? cheapest, cheapest, now: at }),
    )
    const plan = planRoutes(before, scores, { order: usable, policy: ROUTING_POLICY, now: at })
    if (before && isSame(before, plan)) return
    await saveRoutingPlan(db, plan, scores, at)
    if (before?.preferred !== plan.preferred) {
      logger.warn(
        { preferred: plan.preferred, shares: plan.shares, reason: plan.reason },
        'routing',
      )
    }
  })
}

/** The figures in a reason change with every beat: alone they are no new plan. */
function isSame(before: object & { reason: string }, after: object & { reason: string }): boolean {
  return isDeepStrictEqual({ ...before, reason: '' }, { ...after, reason: '' })
}
