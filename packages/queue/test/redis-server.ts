import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { until } from './support.ts'

export interface RedisServer {
  readonly port: number
  start(): Promise<void>
  /** As `kill -9`. */
  kill(): Promise<void>
}

/** A server of a test's own on a free port of 127.0.0.1, to be killed and started again. */
export async function createRedisServer(
  args: readonly string[] = [],
  cliArgs: readonly string[] = [],
): Promise<RedisServer> {
  const port = await findFreePort()
  const folder = makeTestFolder()
  let child: ChildProcess | undefined
  return {
    port,
    async start() {
      const options = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
      const ports = args.includes('--tls-port') ? [] : ['--port', String(port)]
      child = spawn(
        'redis-server',
        [...options, ...ports, ...args.map((arg) => arg.replace('PORT', String(port)))],
        {
          stdio: 'ignore',
        },
      )
      // The run's caretaker ends what a test that died has left.
      writeFileSync(join(folder, 'redis.pid'), `${child.pid ?? ''}\n`)
      await until(() => askRedis(port, ['ping'], cliArgs) === 'PONG')
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** What it answers; nothing while it does not. */
export function askRedis(
  port: number,
  command: readonly string[],
  cliArgs: readonly string[] = [],
): string {
  try {
    const args = ['-p', String(port), ...cliArgs, ...command]
    return execFileSync('redis-cli', args, {
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 5_000,
    }).trim()
  } catch {
    return ''
  }
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1')
  return address.port
}
