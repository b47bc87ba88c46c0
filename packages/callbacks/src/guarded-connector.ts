import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { type AllowedHosts, isAllowedAddress } from './allowed-hosts.ts'

/** All addresses of a name; rejects with the resolver's error. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** What was to be called is not for callbacks. */
class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError'
  readonly code = 'ADDRESS_NOT_ALLOWED'
}

export interface ConnectorOptions {
  resolve: Resolve
  allowedHosts: AllowedHosts
  timeoutMs: number
  /** PEM, trusted instead of the authorities that Node knows. */
  ca?: string
}

/** Connects to the very addresses that were checked: there is one lookup, and it is ours. */
export function createGuardedConnector(options: ConnectorOptions): buildConnector.connector {
  const { timeoutMs, allowedHosts, ca } = options
  const connect = buildConnector({
    timeout: timeoutMs,
    lookup: createGuardedLookup(options),
    ...(ca !== undefined && { ca }),
  })
  return (target, callback) => {
    const { hostname } = target
    // Of an address nothing is looked up.
    if (isIP(hostname) !== 0 && !isAllowedAddress(hostname, hostname, allowedHosts)) {
      callback(new AddressNotAllowedError('the address is not for callbacks'), null)
      return
    }
    connect(target, callback)
  }
}

/** One address that is not allowed refuses them all: a name that leads inside and outside means no good. */
export function createGuardedLookup({
  resolve,
  allowedHosts,
}: Pick<ConnectorOptions, 'resolve' | 'allowedHosts'>): LookupFunction {
  const find = async (host: string): Promise<[LookupAddress, ...LookupAddress[]]> => {
    const [first, ...others] = await resolve(host)
    if (first === undefined) throw new AddressNotAllowedError('the name has no address')
    if (![first, ...others].every((address) => isAllowedAddress(address, host, allowedHosts))) {
      throw new AddressNotAllowedError('the name leads to an address that is not for callbacks')
    }
    return [toLookup(first), ...others.map(toLookup)]
  }
  return (host, { all }, callback) => {
    find(host).then(
      (addresses) => {
        if (all === true) callback(null, addresses)
        else callback(null, addresses[0].address, addresses[0].family)
      },
      (err: unknown) => {
        callback(err instanceof Error ? err : new Error('the lookup failed'), '', 0)
      },
    )
  }
}

function toLookup(address: string): LookupAddress {
  return { address, family: isIP(address) }
}
