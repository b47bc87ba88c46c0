import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import { startEmbeddedPostgres } from '@sms-gateway/db/embedded-postgres'
import type { CleanUp } from './clean-up.ts'
import { findFreePort } from './free-port.ts'
import type { OwnProcess, ProcessContext } from './processes.ts'
import { startProgram } from './processes.ts'

export interface Stores {
  redis: { url: string; client: Redis; process: OwnProcess }
  postgres: { pid: number; version: string }
  /** A new database, and a connection to it. */
  createDatabase(name: string): Promise<Database>
}

export interface Database {
  url: string
  client: pg.Client
}

/** A folder of this run, gone with it. */
export async function makeFolder(cleanUp: CleanUp): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sms-gateway-bench-'))
  cleanUp.add(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Both as they are by default: PostgreSQL waits for its disk at each commit, Redis writes its file every second. */
export async function startStores(context: ProcessContext): Promise<Stores> {
  const redis = await startRedis(context)
  const embedded = await startEmbeddedPostgres({
    dataDir: context.folder,
    settings: { max_connections: 300 },
  })
  const { url } = embedded
  context.cleanUp.add(() => embedded.stop())
  const first = await connect(context.cleanUp, url)
  const { rows } = await first.query<{ server_version: string }>('show server_version')
  return {
    redis,
    postgres: {
      pid: await readPostmasterPid(context.folder),
      version: rows[0]?.server_version ?? 'unknown',
    },
    async createDatabase(name) {
      await first.query(`create database ${name}`)
      const own = new URL(url)
      own.pathname = `/${name}`
      return { url: own.href, client: await connect(context.cleanUp, own.href) }
    },
  }
}

async function startRedis(context: ProcessContext): Promise<Stores['redis']> {
  const port = await findFreePort()
  const client = new Redis({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  })
  client.on('error', () => undefined)
  const args = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', context.folder],
    ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
    ...['--maxmemory-policy', 'noeviction'],
  ]
  const started = startProgram(context, 'redis', {
    command: 'redis-server',
    args,
    isReady: () =>
      client.connect().then(
        () => true,
        () => false,
      ),
  })
  const process = await started.catch((cause: unknown) => {
    throw new Error(
      'redis-server does not start: install Redis 6.2 or newer (apt-get install redis-server), so that it is in PATH',
      { cause },
    )
  })
  context.cleanUp.add(() => {
    client.disconnect()
    return Promise.resolve()
  })
  return { url: `redis://127.0.0.1:${port}`, client, process }
}

async function connect(cleanUp: CleanUp, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'bench' })
  client.on('error', () => undefined)
  await client.connect()
  cleanUp.add(() => client.end())
  return client
}

async function readPostmasterPid(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}
