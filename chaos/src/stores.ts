import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from '@sms-gateway/db/embedded-postgres'
import { startEmbeddedPostgres } from '@sms-gateway/db/embedded-postgres'
import type { CleanUp } from './clean-up.ts'
import { findFreePort } from './free-port.ts'

export interface Store {
  /** Of Redis with all its data, of PostgreSQL without a word to its backends. */
  kill(): Promise<void>
  /** Again, at the same address. */
  start(): Promise<void>
}

export interface RedisStore extends Store {
  url: string
}

export interface PostgresStore extends Store {
  /** A connection that may create databases. */
  url: string
}

const START_LIMIT_MS = 60_000
const START_AGAIN_TRIES = 10
/** Each process has its pool, and several scenarios run side by side. */
const MAX_CONNECTIONS = 600

/** Nothing of it is on a disk: one that is killed comes back empty. */
export async function startRedis(folder: string, cleanUp: CleanUp): Promise<RedisStore> {
  await mkdir(folder, { recursive: true })
  const port = await findFreePort()
  let child: ChildProcess | undefined
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  const start = async () => {
    const started = spawn(
      'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
        ...['--save', '', '--appendonly', 'no'],
        ...['--maxmemory-policy', 'noeviction'],
      ],
      { stdio: 'ignore', detached: true },
    )
    child = started
    // By it whoever cleans up after a killed run finds the server.
    await writeFile(join(folder, 'redis.pid'), `${started.pid ?? ''}\n`)
    const failed = once(started, 'error').then(() => {
      throw new Error('redis-server is not on this machine: install Redis 6.2 or newer')
    })
    const until = Date.now() + START_LIMIT_MS
    while (!(await Promise.race([answers(port), failed]))) {
      if (Date.now() > until) throw new Error('redis-server does not start')
      await delay(20)
    }
  }
  cleanUp.add(kill)
  await start()
  return { url: `redis://127.0.0.1:${port}`, kill, start }
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Its recovery may take longer than a connection waits: what is on its way then is taken over by the next try. */
async function startAgain(
  options: EmbeddedPostgresOptions,
  tries = START_AGAIN_TRIES,
): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres(options)
  } catch (err) {
    if (tries === 0) throw err
    await delay(500)
    return startAgain(options, tries - 1)
  }
}

/** As it is by default: it waits for its disk at each commit. */
export async function startPostgres(folder: string, cleanUp: CleanUp): Promise<PostgresStore> {
  await mkdir(folder, { recursive: true })
  const options = {
    dataDir: folder,
    port: await findFreePort(),
    settings: { max_connections: MAX_CONNECTIONS },
  }
  let server = await startEmbeddedPostgres(options)
  const { url } = server
  cleanUp.add(() => server.stop())
  return {
    url,
    async kill() {
      const lines = await readFile(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')
      process.kill(Number(lines.split('\n')[0]), 'SIGKILL')
    },
    async start() {
      server = await startAgain(options)
      if (server.url !== url) throw new Error('PostgreSQL came back at another address')
    },
  }
}
