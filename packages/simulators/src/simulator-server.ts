import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface SimulatorRequest {
  method: string
  path: string
  query: string
  authorization: string | undefined
  body: Buffer
}

/** `drop` closes the connection without an answer; `hang` leaves it open without one. */
export type Reply =
  { status: number; type: string; body: string; retryAfter?: string } | 'drop' | 'hang'

export interface SimulatorServer {
  url: string
  port: number
  /** 0 opens the port again at once. */
  refuseFor(ms: number): void
  close(): Promise<void>
}

export interface SimulatorServerOptions {
  host: string
  port: number
  answer: (request: SimulatorRequest) => Reply | Promise<Reply>
}

/** A bare HTTP server: express would be the slowest thing in a benchmark of ours. */
export async function startSimulatorServer(
  options: SimulatorServerOptions,
): Promise<SimulatorServer> {
  const { host, answer } = options
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => void respond(res, toRequest(req, chunks), answer))
  })
  server.listen(options.port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  const { port } = address
  let reopening: NodeJS.Timeout | undefined

  const open = (): void => {
    if (!server.listening) server.listen(port, host)
  }
  return {
    url: `http://${host}:${port}`,
    port,
    refuseFor(ms) {
      clearTimeout(reopening)
      if (ms === 0) {
        open()
        return
      }
      server.close()
      server.closeAllConnections()
      reopening = setTimeout(open, ms)
    },
    async close() {
      clearTimeout(reopening)
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function toRequest(req: IncomingMessage, chunks: Buffer[]): SimulatorRequest {
  const [path = '', query = ''] = (req.url ?? '/').split('?', 2)
  const [only = Buffer.alloc(0)] = chunks
  return {
    method: req.method ?? 'GET',
    path,
    query,
    authorization: req.headers.authorization,
    body: chunks.length > 1 ? Buffer.concat(chunks) : only,
  }
}

async function respond(
  res: ServerResponse,
  request: SimulatorRequest,
  answer: SimulatorServerOptions['answer'],
): Promise<void> {
  const reply = await answer(request)
  if (reply === 'hang') return
  if (reply === 'drop') {
    res.socket?.destroy()
    return
  }
  const { status, type, body, retryAfter } = reply
  res.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  })
  res.end(body)
}
