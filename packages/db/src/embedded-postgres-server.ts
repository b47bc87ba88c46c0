import { open, readFile, readlink, rename, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresBinaries } from './embedded-postgres-binaries.ts'
import { lastLine, runProgram } from './embedded-postgres-binaries.ts'
import type { ClusterPaths } from './embedded-postgres-cluster.ts'
import type { PostgresUser } from './embedded-postgres-user.ts'

/** A server that lives: its process, and where it listens. */
export interface Postmaster {
  pid: number
  port: number
}

export interface ServerContext {
  paths: ClusterPaths
  binaries: PostgresBinaries
  user: PostgresUser | undefined
}

export type Settings = Record<string, string | number | boolean>

const START_LIMIT_SECONDS = 60
const STOP_LIMIT_SECONDS = 30
/** Backends that outlive a killed postmaster hold its shared memory until they notice. */
const ORPHANS_LIMIT_MS = 20_000
const MAX_LOG_BYTES = 10 * 1024 * 1024

/** The server that runs on this cluster; a file that names a dead process, or somebody else's, does not count. */
export async function findPostmaster({ cluster }: ClusterPaths): Promise<Postmaster | undefined> {
  const lines = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , port] = lines.split('\n').map(Number)
  if (!pid || !(await runsOn(cluster, pid))) return undefined
  return { pid, port: port ?? 0 }
}

/** Starts the server and says on which port: another one than wished where that is taken. */
export async function launchServer(
  { paths, binaries, user }: ServerContext,
  wishedPort: number | undefined,
  settings: Settings,
): Promise<number> {
  await rotateLog(paths.log)
  // With no server of ours alive, the file could only make PostgreSQL mistake a stranger for one.
  await rm(join(paths.cluster, 'postmaster.pid'), { force: true })
  const deadline = Date.now() + ORPHANS_LIMIT_MS
  let port = await findFreePort(wishedPort)
  for (;;) {
    const logged = await sizeOf(paths.log)
    const { code, output } = await runProgram(
      binaries.pgCtl,
      [
        ...['-D', paths.cluster, '-l', paths.log, '-w', '-t', String(START_LIMIT_SECONDS)],
        ...['-o', toServerOptions(port, settings), 'start'],
      ],
      { user, limitMs: (START_LIMIT_SECONDS + 10) * 1000 },
    )
    if (code === 0) return port
    const reason = await readLog(paths.log, logged)
    if (reason.includes('could not bind')) port = await findFreePort()
    else if (!/shared memory block|lock file/.test(reason) || Date.now() > deadline) {
      throw new Error(
        `PostgreSQL did not start: ${findReason(reason) || lastLine(output)} (its log is ${paths.log})`,
      )
    }
    await sleep(250)
  }
}

/** Ends the server however it takes; one that is gone already is as good. */
export async function stopServer({ paths, binaries, user }: ServerContext): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    if (!(await findPostmaster(paths))) return
    await runProgram(
      binaries.pgCtl,
      ['-D', paths.cluster, '-m', mode, '-w', '-t', String(STOP_LIMIT_SECONDS), 'stop'],
      { user, limitMs: (STOP_LIMIT_SECONDS + 5) * 1000 },
    )
  }
  const postmaster = await findPostmaster(paths)
  if (postmaster) process.kill(postmaster.pid, 'SIGKILL')
}

async function runsOn(cluster: string, pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (err) {
    if (!(err instanceof Error && 'code' in err && err.code === 'EPERM')) return false
  }
  if (process.platform === 'linux') {
    // A postmaster works in its data folder; another user's process does not show us where it works.
    return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster
  }
  const { output } = await runProgram('ps', ['-o', 'command=', '-p', String(pid)], {
    user: undefined,
    limitMs: 5_000,
  })
  return output.includes(cluster)
}

function toServerOptions(port: number, settings: Settings): string {
  const all: Settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port,
    // Its log is nobody's business: no statements, no values of rows.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: false,
    ...settings,
  }
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  return Object.entries(all)
    .map(([name, value]) => `-c ${quote(`${name}=${String(value)}`)}`)
    .join(' ')
}

async function findFreePort(wished = 0): Promise<number> {
  const free = await new Promise<number | undefined>((resolve) => {
    const server = createServer()
    server.on('error', () => {
      resolve(undefined)
    })
    server.listen(wished, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      server.close(() => {
        resolve(port)
      })
    })
  })
  if (free !== undefined) return free
  if (wished === 0) throw new Error('no free port on 127.0.0.1')
  return findFreePort()
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}

async function rotateLog(log: string) {
  if ((await sizeOf(log)) > MAX_LOG_BYTES) await rename(log, `${log}.old`)
}

async function readLog(log: string, from: number): Promise<string> {
  const file = await open(log).catch(() => undefined)
  if (!file) return ''
  const { buffer, bytesRead } = await file.read(Buffer.alloc(20_000), 0, 20_000, from)
  await file.close()
  return buffer.toString('utf8', 0, bytesRead)
}

function findReason(log: string): string {
  const line = log.split('\n').find((text) => /(FATAL|PANIC|ERROR):/.test(text))
  return line?.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '') ?? lastLine(log)
}
