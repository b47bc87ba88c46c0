import { TimeLimitError, withTimeLimit } from '@sms-gateway/service-kit/time-limit'
import { crc32c } from './crc32c.ts'

/** Why a secret cannot be had, without a word of what it is. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
}

export type FetchSecret = (name: string) => Promise<string>

const LIMIT_MS = 10_000

/**
 * Google's client is a hundred times the size of all else that a start loads, so it is only loaded here, once there is
 * something to fetch. `endpoint` is another place to ask; over plain http it is given no credentials.
 */
export async function openSecretManager(
  endpoint: string | undefined,
  limitMs = LIMIT_MS,
): Promise<FetchSecret> {
  const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager')
  const client = new SecretManagerServiceClient({
    fallback: true,
    ...(endpoint !== undefined && (await toClientOptions(endpoint))),
  })
  return async (name) => {
    try {
      const [answer] = await withTimeLimit(limitMs, () => client.accessSecretVersion({ name }))
      const { data, dataCrc32c } = answer.payload ?? {}
      const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data ?? [])
      if (dataCrc32c != null && String(dataCrc32c) !== String(crc32c(bytes))) {
        throw new SecretError('it came damaged: its checksum is another one')
      }
      return bytes.toString('utf8').replace(/\r?\n$/, '')
    } catch (err) {
      throw err instanceof SecretError ? err : new SecretError(explain(err, limitMs))
    }
  }
}

async function toClientOptions(endpoint: string) {
  const { protocol, hostname, port } = new URL(endpoint)
  const isPlain = protocol === 'http:'
  const { PassThroughClient } = await import('google-auth-library')
  return {
    apiEndpoint: hostname,
    port: Number(port) || (isPlain ? 80 : 443),
    protocol: protocol.slice(0, -1),
    ...(isPlain && { authClient: new PassThroughClient() }),
  }
}

const NO_ANSWER = 'Secret Manager cannot be reached'
const NOT_KNOWN = 'this service is not known to Google: it has no valid credentials'
const NOT_ALLOWED =
  'this service may not read it: it needs the role roles/secretmanager.secretAccessor'
const MISSING = 'there is no such secret, or no such version'
const DISABLED = 'the version is disabled or destroyed'

/** By HTTP's codes, and by gRPC's: the client gives the one or the other. Its own messages are long, and nobody's business. */
const REASONS: Readonly<Record<string, string>> = {
  ...{ 400: DISABLED, 401: NOT_KNOWN, 403: NOT_ALLOWED, 404: MISSING, 503: NO_ANSWER },
  ...{ 9: DISABLED, 16: NOT_KNOWN, 7: NOT_ALLOWED, 5: MISSING, 14: NO_ANSWER },
  ...{ ECONNREFUSED: NO_ANSWER, ENOTFOUND: NO_ANSWER, ECONNRESET: NO_ANSWER },
}

function explain(err: unknown, limitMs: number): string {
  if (err instanceof TimeLimitError) return `Secret Manager did not answer within ${limitMs} ms`
  if (!(err instanceof Error)) return 'Secret Manager cannot be asked'
  const code = 'code' in err && isCode(err.code) ? String(err.code) : 'no code'
  const reason = REASONS[code] ?? `Secret Manager cannot be asked (${code})`
  return /default credentials/i.test(err.message) ? NOT_KNOWN : reason
}

function isCode(code: unknown): code is string | number {
  return typeof code === 'string' || typeof code === 'number'
}
