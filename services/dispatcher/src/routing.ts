import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import type { Db } from '@sms-gateway/db/connect'
import { listPrices } from '@sms-gateway/db/prices'
import { findRoutingPlan } from '@sms-gateway/db/routing-plans'
import { type PriceList, priceOf } from '@sms-gateway/domain/money'
import type { ProviderName } from '@sms-gateway/domain/provider'
import {
  lotOf,
  orderRoutes,
  type RouteOrder,
  type RoutingMode,
} from '@sms-gateway/domain/route-order'
import type { RoutingPlan } from '@sms-gateway/domain/routing-plan'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { startRepeating } from '@sms-gateway/service-kit/repeat'

export interface RoutingOptions {
  mode: RoutingMode
  /** Primary, then fallbacks. */
  order: readonly ProviderName[]
}

/** Which providers a message tries, as all replicas have it within a second. */
export interface Routing {
  orderFor(message: Pick<ClaimedMessage, 'id' | 'lane' | 'country'>): RouteOrder
  close(): Promise<void>
}

const REFRESH_MS = 1_000

export function openRouting(db: Db, { mode, order }: RoutingOptions, logger: Logger): Routing {
  let plan: RoutingPlan | undefined
  let prices: PriceList = []
  const refresh = async () => {
    if (mode === 'smart') plan = await findRoutingPlan(db)
    else prices = await listPrices(db)
  }
  const repeating =
    mode !== 'priority'
      ? startRepeating({ name: 'routing', everyMs: REFRESH_MS, run: refresh, logger })
      : undefined
  return {
    orderFor({ id, lane, country }) {
      const at = new Date()
      const price = (provider: ProviderName) => priceOf(prices, { provider, country, at }, 1)
      return orderRoutes({ mode, order, plan, lane, lot: lotOf(id), priceOf: price })
    },
    async close() {
      await repeating?.stop()
    },
  }
}
