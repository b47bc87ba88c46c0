import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedPostgres } from '../src/embedded-postgres.ts'

const READY_LIMIT_MS = 60_000

/** As fast as a server can be whose data nobody will want again. */
export async function startTestPostgres(folder: string, packageName?: string): Promise<string> {
  const { url } = await startEmbeddedPostgres({
    dataDir: folder,
    ...(packageName !== undefined && { packageName }),
    settings: {
      fsync: false,
      synchronous_commit: false,
      full_page_writes: false,
      max_connections: 300,
      max_wal_size: '4GB',
      autovacuum_naptime: '10min',
    },
  })
  return url
}

/** `undefined` where there is no `redis-server` on the machine. */
export async function startTestRedis(folder: string): Promise<string | undefined> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = await findFreePort()
    const child = spawn(
      'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
        ...['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
      ],
      { detached: true, stdio: 'ignore' },
    )
    const failed = await Promise.race([once(child, 'error'), once(child, 'spawn').then(() => null)])
    if (failed) return undefined
    writeFileSync(join(folder, 'redis.pid'), `${child.pid ?? ''}\n`)
    child.unref()
    if (await becomesReady(child, port)) return `redis://127.0.0.1:${port}`
  }
  throw new Error('redis-server is on the machine but does not start')
}

async function becomesReady(child: ChildProcess, port: number): Promise<boolean> {
  const deadline = Date.now() + READY_LIMIT_MS
  while (child.exitCode === null && Date.now() < deadline) {
    if (await answers(port)) return true
    await sleep(20)
  }
  return false
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 1_000 })
    const end = (ready: boolean) => {
      socket.destroy()
      resolve(ready)
    }
    socket.on('connect', () => socket.write('PING\r\n'))
    socket.on('data', (data) => {
      end(data.toString().startsWith('+PONG'))
    })
    socket.on('error', () => {
      end(false)
    })
    socket.on('timeout', () => {
      end(false)
    })
  })
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1')
  return address.port
}
