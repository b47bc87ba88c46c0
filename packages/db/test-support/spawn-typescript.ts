import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Runs a TypeScript file as a process of its own, in its own process group, from the sources of the workspace.
 * For tests that kill: the caller ends it, by `child.kill` or by `process.kill(-child.pid)`.
 */
export function spawnTypeScript(
  file: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): ChildProcessWithoutNullStreams {
  const hooks = pathToFileURL(join(import.meta.dirname, 'typescript.mjs')).href
  return spawn(
    process.execPath,
    ['--no-warnings', '--conditions=source', '--import', hooks, file, ...args],
    { env: { ...env, NODE_OPTIONS: '' }, detached: true },
  )
}
