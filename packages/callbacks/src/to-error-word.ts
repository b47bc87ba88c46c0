const WORDS: Readonly<Record<string, string>> = {
  ADDRESS_NOT_ALLOWED: 'address-not-allowed',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
  UND_ERR_SOCKET: 'connection-lost',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  EPROTO: 'tls',
  TimeoutError: 'timeout',
  HTTPParserError: 'not-http',
}
/** Of Node's resolver, of OpenSSL and of undici's parser, whose codes are many. */
const FAMILIES: readonly [RegExp, string][] = [
  [/^(?:ENOTFOUND|ENODATA|ESERVFAIL|EREFUSED|ETIMEOUT|EBADNAME|EBADRESP|EAI_)/, 'dns'],
  [/^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/, 'tls'],
  [/^(?:HPE_|UND_ERR_HEADERS_OVERFLOW)/, 'not-http'],
]

/** What went wrong as one of few short words: messages may repeat an address or what a receiver said. */
export function toErrorWord(err: unknown): string {
  if (typeof err !== 'object' || err === null) return 'failed'
  const word = wordOf(textOf(err, 'name')) ?? wordOf(textOf(err, 'code'))
  if (word !== undefined) return word
  // Of several addresses tried, the last one's.
  if ('errors' in err && Array.isArray(err.errors)) return toErrorWord(err.errors.at(-1))
  return 'cause' in err ? toErrorWord(err.cause) : 'failed'
}

function wordOf(code: string): string | undefined {
  return WORDS[code] ?? FAMILIES.find(([pattern]) => pattern.test(code))?.[1]
}

/** Structural, because errors of Node and of undici share no class with us. */
function textOf(err: object, name: 'name' | 'code'): string {
  const value: unknown = Reflect.get(err, name)
  return typeof value === 'string' ? value : ''
}
