import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export interface Receiver {
  port: number
  /** The heads of the requests, as they came. */
  requests: string[]
  connections: number
  close(): Promise<void>
}

/** A receiver that does with a request what it likes; `answer` is called once for each. */
export async function startReceiver(answer: (socket: Socket) => void): Promise<Receiver> {
  const sockets = new Set<Socket>()
  const receiver: Receiver = {
    port: 0,
    requests: [],
    connections: 0,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  const server = createServer((socket) => {
    receiver.connections++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      receiver.requests.push(chunk.toString('utf8'))
      answer(socket)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  receiver.port = address.port
  return receiver
}

export function respond(socket: Socket, head: string, body = ''): void {
  socket.write(`HTTP/1.1 ${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
