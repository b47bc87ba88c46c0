import { once } from 'node:events'
import { createServer } from 'node:http'

export interface TollRequest {
  path: string
  body: string
}

export interface TollAnswer {
  status: number
  type: string
  body: string
}

/** Stands before a simulator, and answers in its place what a test wants answered otherwise. */
export interface Toll {
  url: string
  /** `undefined`: the simulator answers. */
  answer: (request: TollRequest) => TollAnswer | undefined
  requests: TollRequest[]
  close(): Promise<void>
}

export async function openToll(simulatorUrl: string): Promise<Toll> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      void pass({
        method: req.method ?? 'GET',
        path: req.url ?? '/',
        headers: {
          'content-type': req.headers['content-type'] ?? '',
          authorization: req.headers.authorization ?? '',
        },
        body: Buffer.concat(chunks).toString('latin1'),
      }).then(
        ({ status, type, body }) => res.writeHead(status, { 'content-type': type }).end(body),
        // The simulator has dropped the connection: so do we.
        () => res.socket?.destroy(),
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')

  const toll: Toll = {
    url: `http://127.0.0.1:${address.port}`,
    answer: () => undefined,
    requests: [],
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  const pass = async ({
    method,
    path,
    headers,
    body,
  }: TollRequest & { method: string; headers: Record<string, string> }): Promise<TollAnswer> => {
    const request = { path, body }
    toll.requests.push(request)
    const answer = toll.answer(request)
    if (answer) return answer
    const response = await fetch(`${simulatorUrl}${path}`, {
      method,
      headers,
      ...(method === 'POST' && { body: Buffer.from(body, 'latin1') }),
    })
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: await response.text(),
    }
  }
  return toll
}
