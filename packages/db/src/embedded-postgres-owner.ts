import { execFile } from 'node:child_process'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Makes us the one process that runs the cluster; another one that lives is an error, a dead one is succeeded.
 * A process is known by its id and its start: a container gives the same ids again after each restart.
 */
export async function claimFolder(file: string): Promise<{ release(): Promise<void> }> {
  const ours = `${process.pid} ${(await readProcessStart(process.pid)) ?? ''}\n`
  const draft = `${file}.${process.pid}`
  await writeFile(draft, ours, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (await tryToClaim(file, draft, ours)) return { release: () => releaseIfOurs(file, ours) }
    }
    throw new Error(`could not take ${file}: several starts race for it, try again`)
  } finally {
    await rm(draft, { force: true })
  }
}

/** False when it is worth another try: the owner there was dead, or left this moment. */
async function tryToClaim(file: string, draft: string, ours: string): Promise<boolean> {
  if (await linkIfAbsent(draft, file)) return true
  const theirs = await readFile(file, 'utf8').catch(() => undefined)
  if (theirs === ours) return true
  if (theirs === undefined) return false
  if (await isAlive(theirs)) {
    throw new Error(
      `the embedded PostgreSQL is in use by process ${theirs.split(' ')[0] ?? '?'}: stop that one, or set SMS_DATA_DIR to another folder`,
    )
  }
  await removeStale(file, theirs)
  return false
}

/** `undefined` when there is no such process. */
export async function readProcessStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
    // The 22nd field, counted from the name, which may itself hold spaces and brackets.
    return line?.slice(line.lastIndexOf(')') + 2).split(' ')[19]
  }
  const shown = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => undefined)
  return shown?.stdout.trim()
}

async function isAlive(owner: string): Promise<boolean> {
  const [pid, ...started] = owner.trim().split(' ')
  return (await readProcessStart(Number(pid))) === started.join(' ')
}

async function linkIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'EEXIST') return false
    throw err
  }
}

/** Two starts may find the same dead owner: what was moved away is put back unless it is that owner. */
async function removeStale(file: string, stale: string) {
  const aside = `${file}.stale.${process.pid}`
  await rename(file, aside).catch(() => undefined)
  const moved = await readFile(aside, 'utf8').catch(() => undefined)
  if (moved !== undefined && moved !== stale) await linkIfAbsent(aside, file)
  await rm(aside, { force: true })
}

async function releaseIfOurs(file: string, ours: string) {
  const content = await readFile(file, 'utf8').catch(() => undefined)
  if (content === ours) await rm(file, { force: true })
}
