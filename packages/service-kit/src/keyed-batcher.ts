import type { Batcher, BatcherOptions } from './batcher.ts'
import { createBatcher, OverloadedError } from './batcher.ts'

export interface KeyedBatcherOptions<I, O> extends BatcherOptions<I, O> {
  /** Items of one key share their flushes; they never wait for those of another. */
  keyOf: (item: I) => Promise<string>
  /** Items of all keys that wait or are being flushed at most. */
  maxWaiting: number
}

interface Lane<I, O> {
  batcher: Batcher<I, O>
  inHand: number
}

/** As `createBatcher`, with a batcher for each key for as long as it has items: `maxConcurrent` is of each. */
export function createKeyedBatcher<I, O>(options: KeyedBatcherOptions<I, O>): Batcher<I, O> {
  const { keyOf, maxWaiting } = options
  const lanes = new Map<string, Lane<I, O>>()
  let inHand = 0
  let closed = false
  let onIdle: (() => void) | undefined
  const addTo = async (key: string, item: I) => {
    const lane = lanes.get(key) ?? { batcher: createBatcher(options), inHand: 0 }
    lanes.set(key, lane)
    lane.inHand++
    try {
      return await lane.batcher.add(item)
    } finally {
      lane.inHand--
      if (lane.inHand === 0) lanes.delete(key)
    }
  }
  return {
    async add(item) {
      if (closed) throw new Error('the batcher is closed')
      if (inHand >= maxWaiting) throw new OverloadedError(inHand)
      inHand++
      try {
        return await addTo(await keyOf(item), item)
      } finally {
        inHand--
        if (inHand === 0) onIdle?.()
      }
    },
    close() {
      closed = true
      return new Promise((resolve) => {
        onIdle = resolve
        if (inHand === 0) resolve()
      })
    },
  }
}
