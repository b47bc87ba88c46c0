import type { Db } from '@sms-gateway/db/connect'
import {
  type Customer,
  findSenderSettings,
  type SenderSettings,
} from '@sms-gateway/db/customer-settings'

const TTL_MS = 5_000
const MAX_ENTRIES = 10_000

/** What was set for customers and clients, each asked for once in a while: a change is seen within 5 s. */
export function createSettingsSource(
  db: Db,
  now: () => number = Date.now,
): (customer: Customer) => Promise<SenderSettings> {
  const known = new Map<string, { settings: Promise<SenderSettings>; validUntil: number }>()
  return (customer) => {
    const key = `${customer.clientId} ${customer.customerId ?? ''}`
    const entry = known.get(key)
    if (entry && now() < entry.validUntil) return entry.settings
    const settings = findSenderSettings(db, customer)
    known.delete(key)
    known.set(key, { settings, validUntil: now() + TTL_MS })
    // A failure is nobody's answer: the next request asks again.
    settings.catch(() => known.delete(key))
    const [oldest] = known.keys()
    if (known.size > MAX_ENTRIES && oldest !== undefined) known.delete(oldest)
    return settings
  }
}
