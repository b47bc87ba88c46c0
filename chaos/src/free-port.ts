import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below those the kernel gives to outgoing connections: a server that was killed must find its port free again. And apart
 * from those of the tests that may run beside: see services/all-in-one/test-support/free-port.ts.
 */
const FROM = 12_000
const TO = 20_000
const given = new Set<number>()

export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(FROM, TO)
    if (!given.has(port) && (await isFree(port))) {
      given.add(port)
      return port
    }
  }
  throw new Error('no free port on 127.0.0.1')
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
