import { BlockList, isIP, isIPv6 } from 'node:net'

/** Whether an address is one of these, or in one of these networks (CIDR); of IPv4 and IPv6. */
export function createAddressList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const entry of entries) {
    const [network = '', bits] = entry.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(network, family)
    else list.addSubnet(network, Number(bits), family)
  }
  return (address) => {
    // A link-local address comes with its interface: fe80::1%eth0.
    const [plain = ''] = address.split('%')
    if (isIP(plain) === 0) return false
    // An IPv4 caller of a socket for both families comes as ::ffff:192.0.2.1: the list knows that it is the same.
    return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
  }
}
