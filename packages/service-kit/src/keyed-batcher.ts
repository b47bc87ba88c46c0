import type { Batcher, BatcherOptions } from './batcher.ts'
import { createBatcher, OverloadedError } from './batcher.ts'

export interface KeyedBatcherOptions<I, O> extends Omit<BatcherOptions<I, O>, 'maxConcurrent'> {
  /** Items of one key share their flushes; they never wait for those of another. */
  keyOf: (item: I) => Promise<string>
  /** Flushes of a key that run at once at most. */
  maxConcurrentOf: (key: string) => number
  /** Items of all keys that wait or are being flushed at most. */
  maxWaiting: number
}

interface Lane<I, O> {
  batcher: Batcher<I, O>
  inHand: number
}

/** As `createBatcher`, with a batcher for each key for as long as it has items. */
export function createKeyedBatcher<I, O>(options: KeyedBatcherOptions<I, O>): Batcher<I, O> {
  const { keyOf, maxConcurrentOf, maxWaiting } = options
  const lanes = new Map<string, Lane<I, O>>()
  let inHand = 0
  let closed = false
  let onIdle: (() => void) | undefined
  const open = (key: string): Lane<I, O> => {
    const maxConcurrent = maxConcurrentOf(key)
    return { batcher: createBatcher({ ...options, maxConcurrent }), inHand: 0 }
  }
  const addTo = async (key: string, item: I) => {
    const lane = lanes.get(key) ?? open(key)
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
