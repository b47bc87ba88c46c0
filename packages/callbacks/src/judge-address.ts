import ipaddr from 'ipaddr.js'

/**
 * Whom an address belongs to: everybody (`public`), a network such as ours (`inside`), or nobody a callback could
 * mean (`never`).
 */
export type AddressKind = 'public' | 'inside' | 'never'

const INSIDE: ReadonlySet<string> = new Set([
  'private',
  'loopback',
  'carrierGradeNat',
  'uniqueLocal',
])
/** Clouds hand out credentials here, some of them under addresses that look like any other. */
const METADATA: ReadonlySet<string> = new Set([
  '168.63.129.16', // Azure
  '100.100.100.200', // Alibaba
  'fd00:ec2::254', // AWS
  'fd20:ce::254', // Google
])
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

/** Of an address as a resolver or a URL has it; all that wraps another one (IPv4-mapped, NAT64, 6to4) is `never`. */
export function judgeAddress(address: string): AddressKind {
  if (!ipaddr.isValid(address)) return 'never'
  const parsed = ipaddr.parse(address)
  if (METADATA.has(parsed.toString())) return 'never'
  const range = parsed.range()
  if (INSIDE.has(range)) return 'inside'
  if (range !== 'unicast') return 'never'
  const isGlobal = parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST)
  return isGlobal ? 'public' : 'never'
}
