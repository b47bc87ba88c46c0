import { execFile } from 'node:child_process'
import { chmod, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

/** PostgreSQL refuses to run as root, so root runs it as somebody else. */
export interface PostgresUser {
  uid: number
  gid: number
}

export type Report = (line: string) => void

const run = promisify(execFile)

/** `undefined`: as we are, since we are not root. The owner of an existing cluster stays its owner. */
export async function choosePostgresUser(
  cluster: string,
  report: Report,
): Promise<PostgresUser | undefined> {
  const ourUid = process.getuid?.()
  const owner = await stat(cluster).catch(() => undefined)
  if (ourUid === 0) return owner && owner.uid !== 0 ? owner : findOrCreateUser(report)
  if (owner && owner.uid !== ourUid) {
    throw new Error(
      `the database in ${cluster} belongs to user ${owner.uid}: start as that user or as root, or set SMS_DATA_DIR to another folder`,
    )
  }
  return undefined
}

async function findOrCreateUser(report: Report): Promise<PostgresUser> {
  const existing = await findUser('postgres')
  if (existing) return existing
  const created = await createSystemUser('postgres')
  if (created) report('created the system user postgres, as whom the embedded PostgreSQL runs')
  return created ?? (await findUser('nobody')) ?? { uid: 65_534, gid: 65_534 }
}

/** Lets the user through every folder on the way to `path`; each one opened is reported. */
export async function makePassable(path: string, user: PostgresUser, report: Report) {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) {
      await chmod(folder, (mode & 0o7777) | bit)
      report(`made ${folder} passable for the user PostgreSQL runs as (uid ${user.uid})`)
    }
    if (folder === dirname(folder)) return
  }
}

/** An installation made under a narrow umask is opened for reading, the whole of it. */
export async function makeReadable(folder: string, probe: string, report: Report) {
  const { mode } = await stat(probe)
  if ((mode & 0o005) === 0o005) return
  await run('chmod', ['-R', 'o+rX', folder])
  report(`made ${folder} readable for the user PostgreSQL runs as`)
}

export async function giveTo(user: PostgresUser, path: string) {
  await run('chown', ['-R', `${user.uid}:${user.gid}`, path])
}

async function findUser(name: string): Promise<PostgresUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined // there is no such user
  }
}

async function createSystemUser(name: string): Promise<PostgresUser | undefined> {
  const attempts = [
    ['useradd', '--system', '--user-group', '--no-create-home', name],
    ['adduser', '-S', '-D', '-H', name], // BusyBox
  ] as const
  for (const [program, ...args] of attempts) {
    const created = await run(program, args).then(
      () => findUser(name),
      () => undefined,
    )
    if (created) return created
  }
  return undefined
}
