import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A way to Redis that a test can cut, or stop without cutting it. */
export interface BreakableLink {
  url: string
  cut(): Promise<void>
  hang(): void
  restore(): Promise<void>
}

export async function openBreakableLink(redisUrl: string): Promise<BreakableLink> {
  const target = new URL(redisUrl)
  const sockets = new Set<Socket>()
  let hanging = false
  const server = createServer((socket) => {
    const redis = connect(Number(target.port), target.hostname)
    for (const [one, other] of [
      [socket, redis],
      [redis, socket],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
      one.on('data', (data) => other.write(data))
      if (hanging) one.pause()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined

  return {
    url: `redis://127.0.0.1:${port}${target.pathname}`,
    async cut() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      sockets.clear()
      await closed
    },
    hang() {
      hanging = true
      for (const socket of sockets) socket.pause()
    },
    async restore() {
      hanging = false
      for (const socket of sockets) socket.resume()
      if (server.listening) return
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
}
