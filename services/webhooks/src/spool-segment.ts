import { open, rm, stat } from 'node:fs/promises'
import {
  ignoreMissing,
  listSegments,
  makeFolder,
  nameSegment,
  syncFolder,
  toSegmentPath,
} from './spool-files.ts'

/** The narrow edge to the disk. */
export interface SegmentFile {
  /** Resolves when the disk has it. */
  append(data: string): Promise<void>
  truncate(bytes: number): Promise<void>
  close(): Promise<void>
}

export interface SegmentOptions {
  dir: string
  owner: Promise<string>
  now: () => Date
  /** Of all segments in the folder, whoever wrote them. */
  maxBytes: number
  /** A segment that has grown to it is followed by the next. */
  segmentBytes: number
  openFile: (path: string) => Promise<SegmentFile>
}

/** One call at a time: its user sees to that. */
export interface SegmentWriter {
  /** Resolves when the lines are on the disk and will be read. */
  write: (lines: string) => Promise<void>
  end: () => Promise<void>
  isWriting: (path: string) => boolean
}

export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError'

  constructor(maxBytes: number) {
    super(`the spool has reached its ${maxBytes} bytes`)
  }
}

interface OpenSegment {
  path: string
  file: SegmentFile
  bytes: number
}

const MAX_TRIES = 3

/** Writes one segment after the other, each opened when it is needed. */
export function createSegmentWriter(options: SegmentOptions): SegmentWriter {
  let current: OpenSegment | undefined

  const end = async () => {
    const segment = current
    current = undefined
    await segment?.file.close()
  }
  /** False where the segment was taken away meanwhile. */
  const tryToWrite = async (lines: string): Promise<boolean> => {
    const segment = (current ??= await openSegment(options))
    try {
      await segment.file.append(lines)
    } catch (err) {
      // After a failed fsync nobody knows what the disk has: nothing is ever written behind it.
      current = undefined
      await abandon(segment)
      throw err
    }
    segment.bytes += Buffer.byteLength(lines)
    const isOurs = (await stat(segment.path).catch(ignoreMissing)) !== undefined
    if (!isOurs || segment.bytes >= options.segmentBytes) await end()
    return isOurs
  }
  return {
    /**
     * Another process may take the segment for a dead one's: it moves it, reads it and deletes it, in this order. So
     * lines that were synced while the file bore our name will be read, and any others are written once more.
     */
    async write(lines) {
      for (let tries = 0; tries < MAX_TRIES; tries++) if (await tryToWrite(lines)) return
      throw new Error('the segments of the spool are taken away while they are written')
    },
    end,
    isWriting: (path) => current?.path === path,
  }
}

export async function openSegmentFile(path: string): Promise<SegmentFile> {
  const file = await open(path, 'ax', 0o600)
  return {
    async append(data) {
      await file.appendFile(data)
      await file.sync()
    },
    truncate: (bytes) => file.truncate(bytes),
    close: () => file.close(),
  }
}

async function openSegment(options: SegmentOptions): Promise<OpenSegment> {
  const { dir, owner, now, maxBytes, openFile } = options
  makeFolder(dir)
  const used = (await listSegments(dir)).reduce((sum, { bytes }) => sum + bytes, 0)
  if (used >= maxBytes) throw new SpoolFullError(maxBytes)
  const path = toSegmentPath(dir, nameSegment(now()), await owner)
  const segment = { path, file: await openFile(path), bytes: 0 }
  try {
    await syncFolder(dir)
  } catch (err) {
    await abandon(segment)
    throw err
  }
  return segment
}

/** Half a line is cut off if that is possible; if not, the replay finds it. What holds nothing else goes. */
async function abandon({ path, file, bytes }: OpenSegment): Promise<void> {
  await Promise.allSettled([bytes === 0 ? rm(path, { force: true }) : file.truncate(bytes)])
  await Promise.allSettled([file.close()])
}
