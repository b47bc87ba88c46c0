import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createConnection, createServer } from 'node:net'

/** Between a service and a store: it can be cut, and mended again. */
export interface Link {
  /** The store's URL, by way of the link. */
  url: string
  /** Breaks every connection, and refuses new ones. */
  cut(): Promise<void>
  /** To the same store, or to another one in its place. */
  mend(newStoreUrl?: string): Promise<void>
  close(): Promise<void>
}

export async function openLink(storeUrl: string): Promise<Link> {
  let target = new URL(storeUrl)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = createConnection(Number(target.port), target.hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  const { port } = address
  const url = new URL(storeUrl)
  url.hostname = '127.0.0.1'
  url.port = String(port)

  const cut = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return {
    url: url.href,
    cut,
    async mend(newStoreUrl = storeUrl) {
      target = new URL(newStoreUrl)
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    close: cut,
  }
}
