import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'

/**
 * Stands between Twilio and the gateway, and is a witness too: a receipt that the gateway has answered with 200 must be
 * kept. One that it does not answer is brought again for a while, as the real Twilio is asked to.
 */
export interface Relay {
  url: string
  /** `reference status` of each receipt that was answered with 200. */
  answered: ReadonlySet<string>
  close(): Promise<void>
}

const TRY_LIMIT_MS = 5_000
const PATIENCE_MS = 12_000
const AGAIN_MS = 200

export async function startRelay(targetUrl: string): Promise<Relay> {
  const agent = new Agent({ connections: 64 })
  const answered = new Set<string>()
  const bring = async (path: string, headers: IncomingMessage['headers'], body: Buffer) => {
    const { host: _, 'content-length': __, ...rest } = headers
    const answer = await request(`${targetUrl}${path}`, {
      method: 'POST',
      dispatcher: agent,
      headers: rest,
      body,
      signal: AbortSignal.timeout(TRY_LIMIT_MS),
    })
    await answer.body.dump()
    return answer.statusCode
  }
  const relay = async (incoming: IncomingMessage): Promise<number> => {
    const body = await buffer(incoming)
    const until = Date.now() + PATIENCE_MS
    for (;;) {
      const status = await bring(incoming.url ?? '/', incoming.headers, body).catch(() => 502)
      if (status === 200) answered.add(nameOf(body))
      if (status === 200 || Date.now() > until) return status
      await delay(AGAIN_MS)
    }
  }
  const server = createServer((incoming, response) => {
    relay(incoming).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    answered,
    async close() {
      server.close()
      server.closeAllConnections()
      await agent.destroy()
    },
  }
}

function nameOf(body: Buffer): string {
  const form = new URLSearchParams(body.toString())
  return `${form.get('MessageSid') ?? ''} ${form.get('MessageStatus') ?? ''}`
}
