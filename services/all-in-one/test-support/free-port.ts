import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Below the range from which the system takes ports for connections: a port stays free over a restart. */
const LOWEST = 20_000
const HIGHEST = 32_000

/** Nobody else of the run gets it, also not while its server has yet to start, or starts again. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST)
    if (reserve(port) && (await isFree(port))) return port
  }
}

function reserve(port: number): boolean {
  const runFolder = process.env['TEST_FOLDER']
  if (runFolder === undefined) throw new Error('run the tests by jest from the root')
  const folder = join(runFolder, 'ports')
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(join(folder, String(port)), '', { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
