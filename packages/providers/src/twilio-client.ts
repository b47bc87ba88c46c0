import twilio from 'twilio'
import type { ExchangeLimits, HttpTransport } from './http-transport.ts'
import type { TwilioReply } from './twilio-reply.ts'

type Options = Parameters<twilio.RequestClient['request']>[0]

interface Call {
  limits: ExchangeLimits
  reply?: TwilioReply
}

/** Fifty long Chinese texts, as a list of messages carries them, are over 64 KiB. */
const MAX_ANSWER_BYTES = 1024 * 1024

/** Where the official client thinks it sends; the transport knows where it does. */
export const TWILIO_BASE_URL = 'https://api.twilio.com'

export interface TwilioClient {
  api: twilio.Twilio
  /** What the one request of `operation` amounted to; the client's own errors know neither headers nor the doubt. */
  call(limits: ExchangeLimits, operation: () => Promise<unknown>): Promise<TwilioReply>
}

/** The official client over our transport. Its own retries are off. */
export function createTwilioClient(
  { accountSid, authToken }: { accountSid: string; authToken: string },
  transport: HttpTransport,
): TwilioClient {
  // The client asks its `httpClient` before an operation returns, so this names the call that is being started.
  let starting: Call | undefined

  class TransportClient extends twilio.RequestClient {
    // Twilio's types let the caller name the body's type; what came is what came.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in the class this extends
    override async request(options: Options): Promise<any> {
      const call = starting
      if (call === undefined) throw new Error('the Twilio client asked outside of a call')
      const exchange = await transport.exchange(toRequest(options), call.limits)
      if (exchange.kind !== 'answered') {
        call.reply = { exchange, json: undefined }
        throw new Error('no answer')
      }
      const { status, headers, body } = exchange
      const json = parseJson(body)
      call.reply = { exchange, json }
      return { statusCode: status, body: json ?? '', headers }
    }
  }

  const api = twilio(accountSid, authToken, {
    httpClient: new TransportClient(),
    autoRetry: false,
    env: {},
  })

  return {
    api,
    async call(limits, operation) {
      const call: Call = { limits }
      starting = call
      const started = start(operation)
      starting = undefined
      const [settled] = await Promise.allSettled([started])
      if (call.reply !== undefined) return call.reply
      // No request was made at all: what we asked of the client was wrong.
      throw settled.status === 'rejected' ? settled.reason : new Error('no request was made')
    },
  }
}

async function start(operation: () => Promise<unknown>): Promise<unknown> {
  return await operation()
}

function toRequest(options: Options): Parameters<HttpTransport['exchange']>[0] {
  const { pathname, search } = new URL(options.uri)
  const query = options.params ? `?${toForm(options.params)}` : search
  const credentials = Buffer.from(`${options.username}:${options.password}`).toString('base64')
  return {
    method: options.method === 'post' ? 'POST' : 'GET',
    path: pathname + query,
    headers: { ...options.headers, authorization: `Basic ${credentials}` },
    maxBytes: MAX_ANSWER_BYTES,
    ...(options.data ? { body: toForm(options.data) } : {}),
  }
}

function toForm(fields: object): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value))
  return form.toString()
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    // Not JSON: the reader of the reply calls it unreadable.
    return undefined
  }
}
