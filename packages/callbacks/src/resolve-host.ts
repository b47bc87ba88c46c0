import { Resolver } from 'node:dns/promises'
import type { Resolve } from './guarded-connector.ts'

const TIMEOUT_MS = 2_000
const TRIES = 2

/**
 * Asks the DNS itself, A and AAAA. The system's own lookup would do it in one of Node's few threads, where four names
 * whose servers are dead stop everybody's; neither its hosts file nor its search domains are for producers.
 */
export function createResolver(): Resolve {
  return async (host) => {
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const addresses = [v4, v6].flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    if (addresses.length === 0 && v4.status === 'rejected') throw v4.reason
    return addresses
  }
}
