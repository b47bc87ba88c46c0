import { randomBytes } from 'node:crypto'
import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { open, readdir, rename, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** `<time>-<chance>.<owner>.spool`: whoever it belongs to stands in its name, and a rename hands it over. */
export interface Segment {
  path: string
  id: string
  owner: string
  bytes: number
  writtenAt: Date
}

const SEGMENT_NAME = /^([0-9]+-[0-9a-f]+)\.([0-9A-Za-z_-]+)\.spool$/

export function nameSegment(now: Date): string {
  return `${now.getTime()}-${randomBytes(6).toString('hex')}`
}

export function toSegmentPath(dir: string, id: string, owner: string): string {
  return join(dir, `${id}.${owner}.spool`)
}

/** Oldest first. Those that were set aside are not among them. */
export async function listSegments(dir: string): Promise<Segment[]> {
  const names = await readdir(dir).catch(ignoreMissing)
  const segments = (names ?? []).sort().map(async (name) => {
    const [, id, owner] = SEGMENT_NAME.exec(name) ?? []
    if (id === undefined || owner === undefined) return []
    const path = join(dir, name)
    const facts = await stat(path).catch(ignoreMissing)
    return facts ? [{ path, id, owner, bytes: facts.size, writtenAt: facts.mtime }] : []
  })
  return (await Promise.all(segments)).flat()
}

/** False where somebody else has moved it first. */
export async function moveSegment(from: string, to: string): Promise<boolean> {
  const moved = await rename(from, to).then(() => true, ignoreMissing)
  return moved === true
}

/** Sees that the folder is there and can be used, and that it is still there after the power fails. */
export function makeFolder(dir: string): void {
  const first = mkdirSync(dir, { recursive: true, mode: 0o700 })
  accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK)
  if (first === undefined) return
  const top = dirname(resolve(first))
  for (let at = resolve(dir); at !== top; at = dirname(at)) syncPath(dirname(at))
}

function syncPath(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** A new file is only safe when the folder that names it is. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export function ignoreMissing(err: unknown): undefined {
  if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return undefined
  throw err
}
