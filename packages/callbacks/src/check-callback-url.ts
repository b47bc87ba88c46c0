import { type AllowedHosts, isAllowedAddress, isAllowedHost, readAddress } from './allowed-hosts.ts'

export type UrlCheck = { kind: 'ok'; url: string } | { kind: 'refused'; reason: string }

const MAX_LENGTH = 1_000
const FIRST_USER_PORT = 1_024
const HTTPS_PORT = 443

/**
 * What can be said of an address without asking anybody. Where its name leads is checked at each connection: a name may
 * lead elsewhere by then.
 */
export function checkCallbackUrl(text: string, allowed: AllowedHosts): UrlCheck {
  if (text.length > MAX_LENGTH) return refused(`a URL of more than ${MAX_LENGTH} characters`)
  if (!URL.canParse(text)) return refused('not a URL')
  const url = new URL(text)
  const trusted = isAllowedHost(url.hostname, allowed)
  const reason =
    checkScheme(url, trusted) ?? checkParts(url, trusted) ?? checkHost(url.hostname, allowed)
  return reason === undefined ? { kind: 'ok', url: url.href } : refused(reason)
}

function checkScheme({ protocol }: URL, trusted: boolean): string | undefined {
  if (protocol === 'https:' || (protocol === 'http:' && trusted)) return undefined
  return 'not https'
}

function checkParts({ username, password, hash, port }: URL, trusted: boolean): string | undefined {
  if (username !== '' || password !== '') return 'credentials in the URL: use the signature'
  if (hash !== '') return 'a fragment, which is never sent'
  const number = port === '' ? HTTPS_PORT : Number(port)
  if (trusted || number === HTTPS_PORT || number >= FIRST_USER_PORT) return undefined
  return `a port under ${FIRST_USER_PORT} other than ${HTTPS_PORT}`
}

function checkHost(host: string, allowed: AllowedHosts): string | undefined {
  const address = readAddress(host)
  if (address !== undefined) {
    return isAllowedAddress(address, host, allowed) ? undefined : 'an address that is not public'
  }
  if (isAllowedHost(host, allowed)) return undefined
  return /\.(?:localhost|local|internal|home\.arpa|test|invalid|onion)\.?$|^[^.]+\.?$/.test(host)
    ? 'a name that is not public'
    : undefined
}

function refused(reason: string): UrlCheck {
  return { kind: 'refused', reason }
}
