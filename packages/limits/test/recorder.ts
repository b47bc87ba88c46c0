// A provider: an HTTP server that remembers when each request arrived. Its port is its first line; it writes the times
// as one line of JSON for each line it reads.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'

let arrivals: { at: number; name: string }[] = []

const server = createServer((req, res) => {
  arrivals.push({ at: performance.timeOrigin + performance.now(), name: req.url ?? '' })
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
