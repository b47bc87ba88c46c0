import type { NewReceipt } from '@sms-gateway/db/receipts'
import type { Vault } from '@sms-gateway/db/vault'
import { createBatcher } from '@sms-gateway/service-kit/batcher'
import { createSlots } from '@sms-gateway/service-kit/semaphore'
import { sealLine } from './spool-line.ts'
import type { SegmentOptions } from './spool-segment.ts'
import { createSegmentWriter } from './spool-segment.ts'

export interface SpoolWriter {
  append: (receipts: readonly NewReceipt[]) => Promise<void>
  /** Closes the segment that is being written, so that all that was kept by now can be replayed. */
  endSegment: () => Promise<void>
  isWriting: (path: string) => boolean
  close: () => Promise<void>
}

const GROUP_SIZE = 500
const MAX_WAITING = 20_000

/** Receipts that come together share one fsync. */
export function createSpoolWriter(options: SegmentOptions & { vault: Vault }): SpoolWriter {
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
  const writing = createBatcher<NewReceipt, undefined>({
    maxSize: GROUP_SIZE,
    maxConcurrent: 1,
    maxWaiting: MAX_WAITING,
    // It is the disk that fails, never one receipt.
    isOutage: () => true,
    async flush(receipts) {
      const lines = receipts.map((receipt) => sealLine(options.vault, receipt)).join('')
      await inTurn(() => segments.write(lines))
      return receipts.map(() => undefined)
    },
  })
  return {
    async append(receipts) {
      await Promise.all(receipts.map((receipt) => writing.add(receipt)))
    },
    endSegment: () => inTurn(segments.end),
    isWriting: segments.isWriting,
    async close() {
      await writing.close()
      await inTurn(segments.end)
    },
  }
}
