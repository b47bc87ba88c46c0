// A provider: an HTTP server that remembers what came when. Its port is its first line; then it answers each line that
// it reads with what came since, as one line of JSON.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'

export interface Arrival {
  /** Which messages: those under the same limit. */
  stream: string
  sender: string
  leftAt: number
  arrivedAt: number
}

let arrivals: Arrival[] = []

const server = createServer((req, res) => {
  const arrivedAt = performance.timeOrigin + performance.now()
  const [, stream = '', sender = '', leftAt] = (req.url ?? '').split('/')
  arrivals.push({ stream, sender, leftAt: Number(leftAt), arrivedAt })
  res.end()
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
createInterface({ input: process.stdin }).on('line', () => {
  process.stdout.write(`${JSON.stringify(arrivals)}\n`)
  arrivals = []
})
