import { createBatcher } from '@sms-gateway/service-kit/batcher'
import { createSlots } from '@sms-gateway/service-kit/semaphore'
import type { SpoolCodec } from './spool-line.ts'
import type { SegmentOptions } from './spool-segment.ts'
import { createSegmentWriter } from './spool-segment.ts'

export interface SpoolWriter<T> {
  append: (entries: readonly T[]) => Promise<void>
  /** Closes the segment that is being written, so that all that was kept by now can be replayed. */
  endSegment: () => Promise<void>
  isWriting: (path: string) => boolean
  close: () => Promise<void>
}

const GROUP_SIZE = 500
const MAX_WAITING = 20_000

/** Entries that come together share one fsync. */
export function createSpoolWriter<T>(
  options: SegmentOptions & { codec: SpoolCodec<T> },
): SpoolWriter<T> {
  const segments = createSegmentWriter(options)
  const turns = createSlots(1)
  const inTurn = async (work: () => Promise<void>) => {
    const release = await turns.take()
    try {
      await work()
    } finally {
      release()
    }
  }
  const writing = createBatcher<T, undefined>({
    maxSize: GROUP_SIZE,
    maxConcurrent: 1,
    maxWaiting: MAX_WAITING,
    // It is the disk that fails, never one entry.
    isOutage: () => true,
    async flush(entries) {
      const lines = entries.map((entry) => options.codec.seal(entry)).join('')
      await inTurn(() => segments.write(lines))
      return entries.map(() => undefined)
    },
  })
  return {
    async append(entries) {
      await Promise.all(entries.map((entry) => writing.add(entry)))
    },
    endSegment: () => inTurn(segments.end),
    isWriting: segments.isWriting,
    async close() {
      await writing.close()
      await inTurn(segments.end)
    },
  }
}
