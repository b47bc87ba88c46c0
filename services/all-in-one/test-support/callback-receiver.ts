import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { z } from 'zod'
import { MessageCallback } from '@sms-gateway/contracts/callback-payloads'
import { CallbackSecretResponse } from '@sms-gateway/contracts/callbacks'
import type { Api } from './api.ts'
import type { CleanUp } from './clean-up.ts'

export interface ReceivedCallback {
  path: string
  headers: Record<string, string>
  body: string
}

export interface CallbackReceiver {
  url: string
  received: ReceivedCallback[]
  at(path: string): ReceivedCallback[]
  /** From now on; without one a path answers 204. */
  answerWith(path: string, answer: Answering | number): void
}

type Answering = (res: ServerResponse, req: IncomingMessage) => void

/** What a producer runs: it keeps all that comes, and misbehaves where it is told to. */
export async function startCallbackReceiver(cleanUp: CleanUp): Promise<CallbackReceiver> {
  const received: ReceivedCallback[] = []
  const answers = new Map<string, Answering | number>()
  const server = createServer((req, res) => {
    let body = ''
    req.on('error', () => undefined)
    req.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    req.on('end', () => {
      const path = req.url ?? ''
      const headers = Object.fromEntries(
        Object.entries(req.headers).map(([name, value]) => [name, String(value)]),
      )
      received.push({ path, headers, body })
      const answer = answers.get(path) ?? 204
      if (typeof answer === 'number') res.writeHead(answer).end()
      else answer(res, req)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  cleanUp(() => {
    server.closeAllConnections()
    server.close()
  })

  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    at: (path) => received.filter((each) => each.path === path),
    answerWith: (path, answer) => answers.set(path, answer),
  }
}

/** Registered by the client of `key`. */
export async function createCallback(
  api: Api,
  { key, ...body }: { url: string; event_types?: readonly string[]; key?: string },
) {
  const options = { body, ...(key !== undefined && { key }) }
  const answer = await api.call('/api/v1/sms/callbacks', options)
  if (answer.status !== 201) throw new Error(`refused with ${answer.status}: ${answer.text}`)
  return CallbackSecretResponse.parse(answer.json)
}

/** The same of another schema. */
export function verifyWith<T>(
  schema: z.ZodType<T>,
  secret: string,
  { body, headers }: ReceivedCallback,
): T {
  return schema.parse(new Webhook(secret).verify(body, headers))
}

/** Throws where the signature is not right, or the body not of the schema. */
export function verifyCallback(
  secret: string,
  { body, headers }: ReceivedCallback,
): MessageCallback {
  return MessageCallback.parse(new Webhook(secret).verify(body, headers))
}
