import { randomBytes } from 'node:crypto'
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import type { PostgresBinaries } from './embedded-postgres-binaries.ts'
import { lastLine, runProgram } from './embedded-postgres-binaries.ts'
import type { PostgresUser } from './embedded-postgres-user.ts'

/** Everything of the embedded PostgreSQL in the data folder; all of it belongs to the user it runs as. */
export interface ClusterPaths {
  root: string
  cluster: string
  password: string
  port: string
  log: string
  owner: string
}

export const SUPERUSER = 'sms_gateway'

export async function openClusterFolder(dataDir: string): Promise<ClusterPaths> {
  try {
    await mkdir(join(dataDir, 'postgres'), { recursive: true, mode: 0o700 })
    const root = await realpath(join(dataDir, 'postgres'))
    const probe = join(root, `.probe-${process.pid}`)
    await writeFile(probe, '')
    await rm(probe)
    const at = (name: string) => join(root, name)
    return {
      root,
      cluster: at('cluster'),
      password: at('password'),
      port: at('port'),
      log: at('log'),
      owner: at('owner'),
    }
  } catch (cause) {
    throw explainFolderError(dataDir, cause)
  }
}

/** A refusal of the file system in one line; any other error is left as it is. */
export function explainFolderError(dataDir: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'syscall' in cause && 'code' in cause)) return cause
  return new Error(
    `the data folder ${dataDir} cannot be written (${String(cause.code)}): make it writable and see that the disk is not full, or set SMS_DATA_DIR to another folder`,
    { cause },
  )
}

/** A cluster appears under its name only when it is whole: what a killed start left half-made is removed. */
export async function ensureCluster(
  { root, cluster, password }: ClusterPaths,
  binaries: PostgresBinaries,
  user: PostgresUser | undefined,
  { chownTo, sync }: { chownTo: (path: string) => Promise<void>; sync: boolean },
): Promise<{ created: boolean }> {
  for (const name of await readdir(root)) {
    if (name.startsWith('cluster.new')) await rm(join(root, name), { recursive: true, force: true })
  }
  if (await exists(join(cluster, 'PG_VERSION'))) return { created: false }
  if (await exists(cluster)) {
    throw new Error(`${cluster} is not a database of PostgreSQL: move it away, or restore it`)
  }

  const draft = `${cluster}.new-${randomBytes(4).toString('hex')}`
  await writeFile(`${password}.new`, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  await chownTo(`${password}.new`)
  await rename(`${password}.new`, password)
  const { code, output } = await runProgram(
    binaries.initdb,
    [
      ...['-D', draft, '-U', SUPERUSER, '--encoding=UTF8', '--locale=C'],
      ...['--auth=scram-sha-256', `--pwfile=${password}`, ...(sync ? [] : ['--no-sync'])],
    ],
    { user, limitMs: 120_000 },
  )
  if (code !== 0) {
    await rm(draft, { recursive: true, force: true })
    throw new Error(`PostgreSQL could not make its database in ${root}: ${findError(output)}`)
  }
  await rename(draft, cluster)
  return { created: true }
}

export async function readClusterVersion({ cluster }: ClusterPaths): Promise<string> {
  return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
}

export async function readPassword({ password }: ClusterPaths): Promise<string> {
  const text = await readFile(password, 'utf8').catch((cause: unknown) => {
    throw new Error(`${password} cannot be read, and nobody else knows the password: restore it`, {
      cause,
    })
  })
  await chmod(password, 0o600)
  return text.trim()
}

export async function readKeptPort({ port }: ClusterPaths): Promise<number | undefined> {
  const kept = Number(await readFile(port, 'utf8').catch(() => ''))
  return Number.isInteger(kept) && kept > 0 && kept < 65_536 ? kept : undefined
}

export async function keepPort({ port }: ClusterPaths, value: number) {
  await writeFile(port, `${value}\n`)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** What initdb says last is often only what it removed. */
function findError(output: string): string {
  const lines = output.split('\n').filter((line) => /error|fatal|panic|no space/i.test(line))
  return lines[0]?.trim() ?? lastLine(output)
}
