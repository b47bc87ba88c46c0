import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { createMessageId } from '@sms-gateway/domain/ids'
import { Phone } from '@sms-gateway/domain/phone'
import type { SendLimits, Submission } from '@sms-gateway/domain/provider'
import type { Journal } from '../src/simulator.ts'

export const ACCOUNT_SID = `AC${'0'.repeat(32)}`
export const AUTH_TOKEN = '12345'
export const FROM = '+15005550006'
export const TO = Phone.parse('+886912345678')

/** Longer than any machine stands still. */
export const PATIENCE_MS = 60_000

export function buildSubmission(change: Partial<Submission> = {}): Submission {
  return {
    attempt: { messageId: createMessageId(new Date()), number: 1 },
    to: TO,
    text: '【幸福氣】測試',
    expiresAt: new Date(Date.now() + 24 * 60 * 60_000),
    ...change,
  }
}

export function buildLimits(change: Partial<SendLimits> = {}): SendLimits {
  return {
    sendBy: performance.now() + PATIENCE_MS,
    signal: new AbortController().signal,
    ...change,
  }
}

export interface Captured {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

export interface CaptureServer {
  url: string
  requests: Captured[]
  close(): Promise<void>
}

/** Keeps what it is sent, and answers as told. */
export async function startCaptureServer(
  answer: (index: number) => { status: number; body?: string },
): Promise<CaptureServer> {
  const requests: Captured[] = []
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const { method = '', url = '', headers } = req
      requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
      const { status, body } = answer(requests.length - 1)
      res.writeHead(status).end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

export async function waitUntil(isTrue: () => boolean, timeoutMs = PATIENCE_MS): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('it did not come about in time')
    await delay(5)
  }
}

export function createMemoryJournal(): Journal & { kept: string[] } {
  const kept: string[] = []
  return { kept, append: (line) => void kept.push(line), lines: () => [...kept] }
}
