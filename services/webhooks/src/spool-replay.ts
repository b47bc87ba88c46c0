import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@sms-gateway/service-kit/logger'
import type { Segment } from './spool-files.ts'
import { ignoreMissing, listSegments, moveSegment, toSegmentPath } from './spool-files.ts'
import type { SpoolCodec } from './spool-line.ts'
import { mayBeAlive } from './spool-owner.ts'

/** Commits all of them or rejects. Safe to repeat. */
export type InsertEntries<T> = (entries: readonly T[]) => Promise<void>

interface ReplayPlace {
  dir: string
  logger: Logger
  now: () => Date
  owner: Promise<string>
  isWriting: (path: string) => boolean
}

export interface ReplayDeps<T> extends ReplayPlace {
  codec: SpoolCodec<T>
}

const BATCH_SIZE = 500
/** Whoever has not written for so long has no need of the segment, or is on another host and dead. */
const IDLE_MS = 60_000

/**
 * Inserts what is in every segment that nobody writes, and deletes each when all of it is inserted. Rejects when an
 * insert does: that segment stays and is replayed from its beginning the next time. Returns how many were inserted.
 */
export async function replaySegments<T>(
  deps: ReplayDeps<T>,
  insert: InsertEntries<T>,
): Promise<number> {
  let replayed = 0
  for (const segment of await listSegments(deps.dir)) {
    const path = await takeSegment(deps, segment)
    if (path !== undefined) replayed += await replaySegment(deps, { ...segment, path }, insert)
  }
  return replayed
}

/** Its path as ours; `undefined` where it is being written, or somebody else was faster. */
async function takeSegment(deps: ReplayPlace, segment: Segment): Promise<string | undefined> {
  const { dir, now, isWriting } = deps
  const owner = await deps.owner
  if (segment.owner === owner) return isWriting(segment.path) ? undefined : segment.path
  const idle = now().getTime() - segment.writtenAt.getTime() > IDLE_MS
  if (!idle && (await mayBeAlive(segment.owner))) return undefined
  const path = toSegmentPath(dir, segment.id, owner)
  return (await moveSegment(segment.path, path)) ? path : undefined
}

async function replaySegment<T>(
  { dir, codec, logger }: ReplayDeps<T>,
  { path, id }: Segment,
  insert: InsertEntries<T>,
): Promise<number> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing)
  if (text === undefined) return 0
  const lines = text.split('\n').filter((line) => line !== '')
  let inserted = 0
  let unreadable = 0
  for (let from = 0; from < lines.length; from += BATCH_SIZE) {
    const batch = lines.slice(from, from + BATCH_SIZE)
    const entries = batch.flatMap((line) => codec.open(line) ?? [])
    unreadable += batch.length - entries.length
    inserted += await insertAll(insert, entries)
  }
  const refused = lines.length - unreadable - inserted
  if (unreadable + refused === 0) {
    await rm(path, { force: true })
  } else {
    logger.error(
      { segment: id, inserted, unreadable, refused },
      'spool segment damaged: kept aside',
    )
    await moveSegment(path, join(dir, `${id}.damaged`))
  }
  return inserted
}

/** How many were inserted: one that PostgreSQL will never take must not hold up all behind it. */
async function insertAll<T>(insert: InsertEntries<T>, entries: readonly T[]): Promise<number> {
  if (entries.length === 0) return 0
  try {
    await insert(entries)
    return entries.length
  } catch (err) {
    if (!isRefusal(err)) throw err
    if (entries.length === 1) return 0
  }
  let inserted = 0
  for (const entry of entries) inserted += await insertAll(insert, [entry])
  return inserted
}

/** SQLSTATE 22 and 23: the data is to blame, so another time will be no better. */
function isRefusal(err: unknown): boolean {
  return err instanceof Error && 'code' in err && /^2[23]...$/.test(String(err.code))
}
