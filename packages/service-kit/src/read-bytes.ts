import type { IncomingMessage } from 'node:http'
import { HttpProblem } from './problem.ts'

const READ_LIMIT_MS = 60_000

/** The whole body, which has to be within the limit, and there within a minute. */
export function readBytes(
  req: IncomingMessage,
  limitBytes: number,
  limitMs = READ_LIMIT_MS,
): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > limitBytes) {
    return Promise.reject(tooLarge(limitBytes))
  }
  if (req.destroyed) return Promise.reject(endedEarly())
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const timer = setTimeout(() => reject(tooSlow()), limitMs)
    req.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= limitBytes) {
        chunks.push(chunk)
        return
      }
      // The rest is still read, and dropped: a caller that is cut off while it writes never reads the answer.
      chunks.length = 0
      if (length - chunk.length <= limitBytes) reject(tooLarge(limitBytes))
    })
    req.on('end', () => {
      clearTimeout(timer)
      const [first] = chunks
      resolve(first && chunks.length === 1 ? first : Buffer.concat(chunks))
    })
    const onLost = () => {
      clearTimeout(timer)
      // Every request closes once it has been read: an error costs its stack, so only a lost one makes it.
      if (!req.complete) reject(endedEarly())
    }
    req.on('error', onLost)
    req.on('close', onLost)
  })
}

/** Whether a body is announced at all: a request without one has neither header, or a length of zero. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function tooLarge(limitBytes: number): HttpProblem {
  return new HttpProblem('body-too-large', `The body may have ${limitBytes} bytes.`)
}

function tooSlow(): HttpProblem {
  const headers = { connection: 'close' }
  return new HttpProblem('invalid-request', 'The body did not arrive in time.', { headers })
}

/** Nobody is left to read this answer, but the handler must come to its end. */
function endedEarly(): HttpProblem {
  return new HttpProblem('invalid-request', 'The body ended too early.')
}
