import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'
/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32

export function createCallbackSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64')
}

export interface UnsignedCallback {
  /** The same for every try. */
  id: string
  /** Of this try: a receiver refuses an old one. */
  at: Date
  body: string
}

/** The headers of Standard Webhooks, with a signature for each secret: a receiver that knows one of them is content. */
export function signCallback(
  { id, at, body }: UnsignedCallback,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
