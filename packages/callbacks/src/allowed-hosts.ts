import { isIP } from 'node:net'
import { judgeAddress } from './judge-address.ts'

/**
 * Hosts that the operators trust (`SMS_CALLBACK_ALLOWED_HOSTS`): names, `*.` and a name for all under it, addresses.
 * They alone may be inside, and be called without TLS.
 */
export type AllowedHosts = readonly string[]

/** `host` as `URL.hostname` or a connector has it. */
export function isAllowedHost(host: string, allowed: AllowedHosts): boolean {
  const name = bareHost(host)
  return allowed.some((each) => {
    const pattern = bareHost(each)
    return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern
  })
}

/** Whether a callback to this host may be connected to this address. */
export function isAllowedAddress(address: string, host: string, allowed: AllowedHosts): boolean {
  const kind = judgeAddress(address)
  return kind === 'public' || (kind === 'inside' && isAllowedHost(host, allowed))
}

/** Without the brackets of IPv6 and the root's dot; `undefined` for a name. */
export function readAddress(host: string): string | undefined {
  const bare = bareHost(host)
  return isIP(bare) === 0 ? undefined : bare
}

function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}
