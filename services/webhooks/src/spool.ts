import type { Logger } from '@sms-gateway/service-kit/logger'
import { listSegments, makeFolder, moveSegment, toSegmentPath } from './spool-files.ts'
import type { SpoolCodec } from './spool-line.ts'
import { createOwner, NOBODY } from './spool-owner.ts'
import type { InsertEntries } from './spool-replay.ts'
import { replaySegments } from './spool-replay.ts'
import type { SegmentFile } from './spool-segment.ts'
import { openSegmentFile, SpoolFullError } from './spool-segment.ts'
import { createSpoolWriter } from './spool-writer.ts'

export interface SpoolOptions<T> {
  dir: string
  codec: SpoolCodec<T>
  logger: Logger
  now?: () => Date
  maxBytes?: number
  segmentBytes?: number
  openFile?: (path: string) => Promise<SegmentFile>
}

/** What providers send us waits here, sealed, while PostgreSQL is away; a folder for each kind. */
export interface Spool<T> {
  /** Resolves when the disk has all of them; rejects when it is full. Those that come together share one fsync. */
  append(entries: readonly T[]): Promise<void>
  /** Inserts what is waiting, also what dead processes left, and deletes it. Returns how many entries. */
  replay(insert: InsertEntries<T>): Promise<number>
  /** Of what is waiting, also what living processes write. */
  size(): Promise<{ files: number; bytes: number }>
  /** Rejects when nothing could be appended now. */
  check(): Promise<void>
  /** What is left belongs to whoever comes next. */
  close(): Promise<void>
}

const MAX_BYTES = 1024 ** 3
const SEGMENT_BYTES = 8 * 1024 ** 2

/** Throws when the folder cannot be used: that is to be known before the day it is needed. */
export function openSpool<T>(options: SpoolOptions<T>): Spool<T> {
  const { dir, codec, logger, now = () => new Date(), maxBytes = MAX_BYTES } = options
  const { segmentBytes = SEGMENT_BYTES, openFile = openSegmentFile } = options
  makeUsable(dir)
  const owner = createOwner()
  const writer = createSpoolWriter({ dir, codec, owner, now, maxBytes, segmentBytes, openFile })
  const { append, isWriting } = writer
  const size = async () => {
    const segments = await listSegments(dir)
    return { files: segments.length, bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0) }
  }

  return {
    append,
    async replay(insert) {
      await writer.endSegment()
      return replaySegments({ dir, codec, logger, now, owner, isWriting }, insert)
    },
    size,
    async check() {
      makeFolder(dir)
      if ((await size()).bytes >= maxBytes) throw new SpoolFullError(maxBytes)
    },
    async close() {
      await writer.close()
      const ours = await owner
      for (const { path, id, owner: theirs } of await listSegments(dir)) {
        if (theirs === ours) await moveSegment(path, toSegmentPath(dir, id, NOBODY))
      }
    },
  }
}

function makeUsable(dir: string): void {
  try {
    makeFolder(dir)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw new Error(
      `the spool folder ${dir} cannot be used${code}: make it writable, or set SMS_SPOOL_DIR to another`,
      { cause },
    )
  }
}
