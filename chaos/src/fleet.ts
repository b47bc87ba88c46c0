import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CleanUp } from './clean-up.ts'
import { createObituaries, readLastLine } from './obituaries.ts'
import type { Death, Settings } from './settings.ts'

export interface MemberPlan {
  settings: Omit<Settings, 'deaths' | 'lastWords'>
  /** What is to befall the process in each of its lives, the first one 0. */
  deaths: (life: number) => Death[]
}

/** A process that is started again whenever it ends, as any container is. */
export interface Member {
  name: string
  /** Waits until it has started again: a storm that leaves nobody alive proves little. */
  kill(): Promise<void>
  freeze(): void
  thaw(): void
}

export interface Fleet {
  members: readonly Member[]
  /** By what they died of. */
  kills: ReadonlyMap<string, number>
  /** Ends that nobody wished for: the last lines of their logs. */
  crashes: readonly string[]
  /** One of the stores was killed. */
  count(cause: string): void
  /** Nobody kills himself from now on. */
  relent(): void
}

export interface FleetOptions {
  folder: string
  /** Flags that Node needs to run the processes: where they are TypeScript, its loader. */
  nodeFlags: readonly string[]
  cleanUp: CleanUp
}

const START_LIMIT_MS = 120_000
const NICENESS = 2
const RESTART_LIMIT_MS = 15_000
const RESTART_POLL_MS = 50
const OWN = import.meta.filename
const PROGRAM = fileURLToPath(
  new URL(OWN.endsWith('.ts') ? 'gateway-process.ts' : 'gateway-process.js', import.meta.url),
)

export async function startFleet(
  plans: readonly MemberPlan[],
  { folder, nodeFlags, cleanUp }: FleetOptions,
): Promise<Fleet> {
  const obituaries = createObituaries(folder)
  const running = new Map<string, ChildProcess>()
  const ready = new WeakSet<ChildProcess>()
  let isStopping = false
  let hasRelented = false
  const isRunning = () => !isStopping

  const start = async ({ settings, deaths }: MemberPlan, life: number): Promise<void> => {
    const { name } = settings
    const lastWords = join(folder, `${name}.died`)
    const told = { ...settings, lastWords, deaths: hasRelented ? [] : deaths(life) }
    const log = join(folder, `${name}.log`)
    const child = launch([...nodeFlags, PROGRAM, JSON.stringify(told)], log)
    running.set(name, child)
    child.once('message', () => ready.add(child))
    const ended = once(child, 'exit').then(() => 'ended' as const)
    void ended.then(async () => {
      if (!isRunning()) return
      await delay(obituaries.record(name, child.signalCode))
      if (isRunning()) await start({ settings, deaths }, life + 1)
    })
    // Later lives are nobody's to wait for: what a process that does not come back fails to do is seen in the end.
    if (life > 0) return
    const late = delay(START_LIMIT_MS, 'late' as const, { ref: false })
    const result = await Promise.race([once(child, 'message'), ended, late])
    if (result === 'late' || result === 'ended') {
      throw new Error(`${name} did not start: ${readLastLine(log)}`)
    }
  }
  cleanUp.add(async () => {
    isStopping = true
    await Promise.all([...running.values()].map(end))
  })
  await Promise.all(plans.map((plan) => start(plan, 0)))

  return {
    members: plans.map(({ settings: { name } }) => toMember(name, running, ready)),
    ...obituaries,
    relent() {
      hasRelented = true
      for (const child of running.values())
        if (child.connected) child.send('relent', () => undefined)
    },
  }
}

function toMember(
  name: string,
  running: ReadonlyMap<string, ChildProcess>,
  ready: WeakSet<ChildProcess>,
): Member {
  const isReady = () => {
    const child = running.get(name)
    return child !== undefined && !hasEnded(child) && ready.has(child)
  }
  const signal = (which: NodeJS.Signals) => void running.get(name)?.kill(which)
  return {
    name,
    async kill() {
      const child = running.get(name)
      if (!child || hasEnded(child)) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      const until = Date.now() + RESTART_LIMIT_MS
      while (!isReady() && Date.now() < until) await delay(RESTART_POLL_MS)
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  }
}

function launch(args: readonly string[], log: string): ChildProcess {
  const file = openSync(log, 'a')
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', file, file, 'ipc'],
    env: { NODE_OPTIONS: '' },
  })
  closeSync(file)
  // The simulators run in our own process: a witness that starves would take a request long after it was sent.
  if (child.pid !== undefined) setPriority(child.pid, NICENESS)
  // A message that comes too late for a process that is being killed.
  child.on('error', () => undefined)
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null
}
