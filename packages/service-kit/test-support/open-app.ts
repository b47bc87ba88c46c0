import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { closeServer, listen } from '../src/http-server.ts'

export interface TestServer {
  url: string
  port: number
  close(): Promise<void>
}

/** The app on a free port of 127.0.0.1. */
export async function openApp(app: Express): Promise<TestServer> {
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  // A TCP server that listens has a TCP address.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, close: () => closeServer(server, 100) }
}
