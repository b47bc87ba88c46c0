import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { API_KEY } from './settings.ts'
import { until } from './until.ts'

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** `undefined` where the body is not JSON. */
  json: unknown
}

export interface CallOptions {
  method?: string
  body?: unknown
  /** Instead of `body`: as it is. */
  rawBody?: string | Uint8Array<ArrayBuffer>
  headers?: Readonly<Record<string, string>>
  /** `null`: none. */
  key?: string | null
}

/** What a producer has: an address and a key. */
export interface Api {
  call(path: string, options?: CallOptions): Promise<Answer>
  /** Refused is an error here: see `call`. */
  send(request: SendBody, headers?: Readonly<Record<string, string>>): Promise<MessageResponse>
  find(id: string): Promise<MessageResponse>
  untilStatus(id: string, status: string, limitMs?: number): Promise<MessageResponse>
  untilMessage(
    id: string,
    isSo: (message: MessageResponse) => boolean,
    limitMs?: number,
  ): Promise<MessageResponse>
}

export interface SendBody {
  phone: string
  message: string
  message_type?: string
  [field: string]: unknown
}

/** Longer than a process may stand still. */
const CALL_LIMIT_MS = 60_000

export function createApi(url: string): Api {
  const call = async (path: string, options: CallOptions = {}): Promise<Answer> => {
    const { body, rawBody, key = API_KEY, headers = {} } = options
    const sent = rawBody ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(`${url}${path}`, {
      method: options.method ?? (sent === undefined ? 'GET' : 'POST'),
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: parseJson(text) }
  }

  const api: Api = {
    call,
    async send(request, headers = {}) {
      const body = { message_type: 'order_confirmation', ...request }
      const answer = await call('/api/v1/sms/send', { body, headers })
      if (answer.status !== 202) throw new Error(`refused with ${answer.status}: ${answer.text}`)
      return MessageResponse.parse(answer.json)
    },
    async find(id) {
      const answer = await call(`/api/v1/sms/messages/${id}`)
      if (answer.status !== 200) throw new Error(`not found, ${answer.status}: ${answer.text}`)
      return MessageResponse.parse(answer.json)
    },
    untilStatus: (id, status, limitMs) =>
      api.untilMessage(id, (message) => message.status === status, limitMs),
    async untilMessage(id, isSo, limitMs) {
      let last: MessageResponse | undefined
      try {
        return await until(
          'the message is as expected',
          async () => {
            last = await api.find(id)
            return isSo(last) && last
          },
          limitMs,
        )
      } catch (err) {
        const seen = JSON.stringify(last, undefined, 1)
        throw new Error(`${err instanceof Error ? err.message : 'failed'}; it is ${seen}`, {
          cause: err,
        })
      }
    },
  }
  return api
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
