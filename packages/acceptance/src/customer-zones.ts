import type { Db } from '@sms-gateway/db/connect'
import { findCustomerTimeZone } from '@sms-gateway/db/customer-settings'

interface Customer {
  clientId: string
  customerId: string
}

const TTL_MS = 30_000
const MAX_ENTRIES = 10_000

/** The customers' zones, each asked for once in a while. A change is seen within half a minute; the dispatcher sees it at once. */
export function createCustomerZones(
  db: Db,
  now: () => number = Date.now,
): (customer: Customer) => Promise<string | null> {
  const known = new Map<string, { zone: string | null; validUntil: number }>()
  return async (customer) => {
    const key = `${customer.clientId} ${customer.customerId}`
    const entry = known.get(key)
    if (entry && now() < entry.validUntil) return entry.zone
    const zone = (await findCustomerTimeZone(db, customer)) ?? null
    known.delete(key)
    known.set(key, { zone, validUntil: now() + TTL_MS })
    const [oldest] = known.keys()
    if (known.size > MAX_ENTRIES && oldest !== undefined) known.delete(oldest)
    return zone
  }
}
