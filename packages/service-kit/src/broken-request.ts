import { randomUUID } from 'node:crypto'
import { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { PROBLEMS } from './problem-codes.ts'

/**
 * What never became a request (not HTTP, headers too large, too slow) does not reach Express;
 * its answer is a problem with a request id all the same.
 */
export function answerBrokenRequest(err: NodeJS.ErrnoException, socket: Duplex): void {
  if (err.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy()
    return
  }
  const code = 'invalid-request'
  const { status, title } = PROBLEMS[code]
  const detail = DETAILS[err.code ?? ''] ?? 'The request is not HTTP that can be read.'
  const body = JSON.stringify({ type: `/docs/errors.md#${code}`, title, status, detail, code })
  socket.end(
    [
      `HTTP/1.1 ${status} Bad Request`,
      'Connection: close',
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${randomUUID()}`,
      '',
      body,
    ].join('\r\n'),
  )
}

const DETAILS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The headers are too large.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time.',
}

/** Node's own check: a second status line in the middle of an answer would corrupt it. */
function isAnswering(socket: Duplex): boolean {
  const current: unknown = Reflect.get(socket, '_httpMessage')
  return current instanceof ServerResponse && current.headersSent
}
