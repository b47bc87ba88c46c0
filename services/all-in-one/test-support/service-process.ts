import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import type { CleanUp } from './clean-up.ts'
import type { Variables } from './settings.ts'
import { until } from './until.ts'

const SERVICES = join(import.meta.dirname, '../..')

export type ServiceName = 'all-in-one' | 'dispatcher' | 'ingest-api' | 'scheduler' | 'webhooks'

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A service as a deployment runs it: a process of its own, told what to do by its environment. */
export interface ServiceProcess {
  pid: number
  /** All it has said, on both streams. */
  output(): string
  /** To its whole group. */
  signal(signal: NodeJS.Signals): void
  exited: Promise<Exit>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

export function spawnService(name: ServiceName, env: Variables, cleanUp: CleanUp): ServiceProcess {
  const child = spawnTypeScript(join(SERVICES, name, 'src/main.ts'), [], env)
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} could not be started`)
  // A run that is killed has nobody to clean up: the caretaker of its folder ends what is named there.
  const pidFile = join(makeTestFolder(), 'service.pid')
  writeFileSync(pidFile, String(pid))
  child.once('exit', () => {
    rmSync(pidFile, { force: true })
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  // `close`, not `exit`: only then is all of the output here.
  const exited = once(child, 'close').then(
    ([code, signal]: (number | NodeJS.Signals | null)[]): Exit => ({
      code: typeof code === 'number' ? code : null,
      signal: typeof signal === 'string' ? signal : null,
    }),
  )
  const signal = (each: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, each)
  }
  const kill = async () => {
    signal('SIGKILL')
    await exited
  }
  cleanUp(kill)
  return { pid, output: () => output, signal, exited, kill }
}

/** Waits until the service says that it is ready; one that ends instead is an error with what it said. */
export async function whenReady(service: ServiceProcess, url: string): Promise<void> {
  let exit: Exit | undefined
  void service.exited.then((each) => {
    exit = each
  })
  await until(
    () => `${url} is ready; it said:\n${service.output()}`,
    () => {
      if (exit) throw new Error(`ended (${exit.code ?? exit.signal}):\n${service.output()}`)
      return isReady(url)
    },
  )
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
