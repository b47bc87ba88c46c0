import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Of what the processes died. */
export interface Obituaries {
  /** By the step at which a process killed itself, or what was killed from outside. */
  kills: ReadonlyMap<string, number>
  /** Ends that nobody wished for: the last lines of their logs. */
  crashes: readonly string[]
  count(cause: string): void
  /** Says how long it is until the next life. */
  record(name: string, signal: NodeJS.Signals | null): number
}

const RESTART_MS = 200
const RESTART_AFTER_CRASH_MS = 500

/** @param folder - of the logs, and of the last words. */
export function createObituaries(folder: string): Obituaries {
  const kills = new Map<string, number>()
  const crashes: string[] = []
  const count = (cause: string) => void kills.set(cause, (kills.get(cause) ?? 0) + 1)
  return {
    kills,
    crashes,
    count,
    record(name, signal) {
      if (signal === 'SIGKILL') {
        count(readLastWords(join(folder, `${name}.died`)) ?? 'kill -9')
        return RESTART_MS
      }
      crashes.push(`${name}: ${readLastLine(join(folder, `${name}.log`))}`)
      return RESTART_AFTER_CRASH_MS
    },
  }
}

export function readLastLine(log: string): string {
  return readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? ''
}

function readLastWords(file: string): string | undefined {
  try {
    const words = readFileSync(file, 'utf8')
    rmSync(file)
    return words
  } catch {
    return undefined
  }
}
