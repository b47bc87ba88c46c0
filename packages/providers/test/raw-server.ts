import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export interface RawServer {
  url: string
  connections: Socket[]
  /** Everything that was received, of all connections. */
  received(): string
  close(): Promise<void>
}

/** A bare TCP server: `onData` is called with what a connection has sent so far. */
export async function startRawServer(
  onData: (socket: Socket, received: string) => void,
): Promise<RawServer> {
  const connections: Socket[] = []
  let all = ''
  const server = createServer((socket) => {
    connections.push(socket)
    let received = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      all += chunk.toString('latin1')
      onData(socket, received)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    connections,
    received: () => all,
    async close() {
      for (const socket of connections) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export function toAnswer(body: string, status = '200 OK', headers = ''): string {
  const length = Buffer.byteLength(body)
  return `HTTP/1.1 ${status}\r\ncontent-length: ${length}\r\n${headers}\r\n${body}`
}
