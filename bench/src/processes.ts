import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CleanUp } from './clean-up.ts'
import { Answer } from './role.ts'

export interface ProcessContext {
  cleanUp: CleanUp
  /** Logs go there. */
  folder: string
  profileDir: string | undefined
  path: string
}

export interface OwnProcess {
  name: string
  pid: number
  stop(): Promise<void>
}

export interface RoleProcess extends OwnProcess {
  ask(question: string, input?: unknown): Promise<unknown>
}

const START_LIMIT_MS = 20_000
const ANSWER_LIMIT_MS = 120_000
const STOP_LIMIT_MS = 5_000
const ENDED = 'ended' as const
const LATE = 'late' as const
const MAIN = fileURLToPath(import.meta.resolve('./main.js'))

/** A program of the gateway, or another one, ready when `isReady` says so. */
export async function startProgram(
  context: ProcessContext,
  name: string,
  program: {
    command: string
    args: readonly string[]
    env?: Record<string, string>
    isReady: () => Promise<boolean>
  },
): Promise<OwnProcess> {
  const child = launch(context, name, program, false)
  const own = toOwnProcess(context, name, child)
  const until = performance.now() + START_LIMIT_MS
  while (!(await program.isReady())) {
    if (hasEnded(child) || performance.now() > until) throw await notStarted(context, name)
    await delay(20)
  }
  return own
}

/** Node with the flags of a profile, if one is wished for. */
export function nodeProgram(
  { profileDir }: ProcessContext,
  name: string,
  args: readonly string[],
): { command: string; args: string[] } {
  const profile =
    profileDir === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}.cpuprofile`]
  return { command: process.execPath, args: [...profile, ...args] }
}

/** One of our own roles, which answers questions over Node's channel. */
export async function startRole(
  context: ProcessContext,
  role: string,
  settings: object,
  name = role,
): Promise<RoleProcess> {
  const program = {
    ...nodeProgram(context, name, [MAIN, role]),
    env: { BENCH_ROLE_SETTINGS: JSON.stringify(settings) },
  }
  const child = launch(context, name, program, true)
  const own = toOwnProcess(context, name, child)
  const waiting = new Map<number, (answer: Answer) => void>()
  let count = 0
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      const answer = Answer.parse(message)
      if (answer.id === undefined) resolve()
      else waiting.get(answer.id)?.(answer)
    })
  })
  const ended = once(child, 'exit').then(() => ENDED)
  if ((await Promise.race([ready, ended])) === ENDED) throw await notStarted(context, name)
  return {
    ...own,
    async ask(question, input = null) {
      const id = count++
      const answered = new Promise<Answer>((resolve) => {
        waiting.set(id, resolve)
      })
      child.send({ id, name: question, input })
      const late = delay(ANSWER_LIMIT_MS, LATE, { ref: false })
      const answer = await Promise.race([answered, late, ended])
      waiting.delete(id)
      if (answer === ENDED) throw new Error(`${name} ended while it was asked ${question}`)
      if (answer === LATE) throw new Error(`${name} did not answer ${question}`)
      if (answer.error !== undefined) throw new Error(`${name}: ${answer.error}`)
      return answer.value
    },
  }
}

function launch(
  { folder, path }: ProcessContext,
  name: string,
  {
    command,
    args,
    env,
  }: { command: string; args: readonly string[]; env?: Record<string, string> },
  hasChannel: boolean,
): ChildProcess {
  const log = openSync(join(folder, `${name}.log`), 'a')
  const child = spawn(command, args, {
    stdio: hasChannel ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
    cwd: folder,
    env: { PATH: path, ...env },
  })
  closeSync(log)
  // A program that is not there also never gets ready, which is told with its name.
  child.on('error', () => undefined)
  return child
}

function toOwnProcess({ cleanUp }: ProcessContext, name: string, child: ChildProcess): OwnProcess {
  const stop = cleanUp.add(async () => {
    if (hasEnded(child)) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await Promise.race([ended, delay(STOP_LIMIT_MS, undefined, { ref: false })])
    if (hasEnded(child)) return
    child.kill('SIGKILL')
    await ended
  })
  return { name, pid: child.pid ?? 0, stop }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

async function notStarted({ folder }: ProcessContext, name: string): Promise<Error> {
  const log = await readFile(join(folder, `${name}.log`), 'utf8').catch(() => '')
  const last = log.trim().split('\n').slice(-5).join('\n')
  return new Error(`${name} did not start${last === '' ? '' : `:\n${last}`}`)
}
