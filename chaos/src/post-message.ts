import { Agent, request } from 'undici'

export interface Answer {
  /** `late` where none came in time, `none` where the connection broke. */
  status: string
  text: string
  hasRetryAfter: boolean
  tookMs: number
}

export interface Poster {
  post(body: string, key: string): Promise<Answer>
  close(): Promise<void>
}

/** Of an answer that never comes: the gateway gives up on a store long before, and may itself stand still for a while. */
const ANSWER_LIMIT_MS = 60_000
const CONNECTIONS = 100

/** @param urls - where requests are taken; more than one is taken in turn. */
export function createPoster(urls: readonly string[], apiKey: string): Poster {
  const agent = new Agent({ connections: CONNECTIONS })
  let requests = 0
  const ask = async (body: string, key: string): Promise<Omit<Answer, 'tookMs'>> => {
    try {
      const answer = await request(`${urls[requests++ % urls.length] ?? ''}/api/v1/sms/send`, {
        method: 'POST',
        dispatcher: agent,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${apiKey}`,
          'idempotency-key': key,
        },
        body,
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      })
      const text = await answer.body.text()
      return {
        status: String(answer.statusCode),
        text,
        hasRetryAfter: 'retry-after' in answer.headers,
      }
    } catch (err) {
      const isLate = err instanceof Error && err.name === 'TimeoutError'
      return { status: isLate ? 'late' : 'none', text: '', hasRetryAfter: false }
    }
  }
  return {
    async post(body, key) {
      const startedAt = performance.now()
      return { ...(await ask(body, key)), tookMs: performance.now() - startedAt }
    },
    close: () => agent.destroy(),
  }
}
