import { createHash } from 'node:crypto'
import type { LimitConfig } from '@sms-gateway/config/limits'
import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import { ProviderName, type SendWindow } from '@sms-gateway/domain/provider'
import { createCustomerLimiters } from '@sms-gateway/limits/customer-limiters'
import type { LeaseSource } from '@sms-gateway/limits/lease-source'
import { createLimiter } from '@sms-gateway/limits/limiter'
import type { Limiter } from '@sms-gateway/limits/permit'
import { takeAll } from '@sms-gateway/limits/take-all'

/** When each part may leave; fewer than asked for where the rest has no permit yet. Or how long to wait. */
export type Permits =
  { kind: 'permit'; windows: readonly SendWindow[] } | { kind: 'wait'; forMs: number }

export type TakePermits = (
  message: Pick<ClaimedMessage, 'clientId' | 'customerId' | 'lane'>,
  provider: ProviderName,
  parts: number,
) => Promise<Permits>

/** A longer wait parks the message, and frees its place. */
const MAX_WAIT_MS = 1_000

/** The limits that a submission falls under: its customer's, its provider's, and the one over all. Each part is one. */
export function createDispatchLimits(config: LimitConfig, leases: LeaseSource): TakePermits {
  const all = createLimiter({ id: 'all', perMinute: config.allPerMinute, leases })
  const perProvider = new Map(
    ProviderName.options.map((name) => [
      name,
      createLimiter({ id: `provider-${name}`, perSecond: config.perSecond[name], leases }),
    ]),
  )
  const perMinute = config.customerPerMinute
  const customers = createCustomerLimiters({ limit: { id: 'customer', perMinute, leases } })

  return async (message, provider, parts) => {
    const limiters = [toCustomer(message, customers), perProvider.get(provider), all].filter(
      (limiter): limiter is Limiter => limiter !== undefined,
    )
    const deadline = performance.now() + MAX_WAIT_MS
    const windows: SendWindow[] = []
    while (windows.length < parts) {
      const maxWaitMs = Math.max(0, deadline - performance.now())
      const taken = await takeAll(limiters, message.lane, { maxWaitMs })
      if (taken.kind === 'wait') return windows.length > 0 ? { kind: 'permit', windows } : taken
      windows.push({ from: taken.at, until: taken.until })
    }
    return { kind: 'permit', windows }
  }
}

/** By a hash: a customer's id may be a number, and the store of the limits must know none. */
function toCustomer(
  { clientId, customerId }: Pick<ClaimedMessage, 'clientId' | 'customerId'>,
  customers: ReturnType<typeof createCustomerLimiters>,
): Limiter | undefined {
  if (customerId === null) return undefined
  const hash = createHash('sha256').update(`${clientId} ${customerId}`).digest('base64url')
  return customers.get(hash)
}
