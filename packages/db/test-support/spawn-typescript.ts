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
  return spawn(process.execPath, [...TYPESCRIPT_FLAGS, file, ...args], {
    env: { ...env, NODE_OPTIONS: '' },
    detached: true,
  })
}

/** With these Node runs the sources of the workspace; the processes of a run strip each file once between them. */
export const TYPESCRIPT_FLAGS: readonly string[] = [
  ...['--no-warnings', '--conditions=source'],
  ...['--import', toLoader(process.env['TEST_FOLDER'])],
]

function toLoader(runFolder: string | undefined): string {
  const loader = pathToFileURL(join(import.meta.dirname, 'typescript.mjs'))
  if (runFolder !== undefined) loader.searchParams.set('cache', join(runFolder, 'stripped'))
  return loader.href
}
