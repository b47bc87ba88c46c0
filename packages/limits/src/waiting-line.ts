import type { Lane } from '@sms-gateway/domain/lane'
import { LANES } from '@sms-gateway/domain/lane'

/** Who waits in this process: the urgent first, then the normal, then the bulk; bulk never starves. */
export interface WaitingLine<T> {
  add(lane: Lane, waiter: T): void
  remove(lane: Lane, waiter: T): void
  next(): T | undefined
  /** How many of those here are served before somebody who comes now. */
  countAhead(lane: Lane): number
  size(): number
  all(): T[]
}

/** Bulk gets at least one permit of so many, while it waits. */
const BULK_SHARE = 10

export function createWaitingLine<T>(): WaitingLine<T> {
  const lanes: Record<Lane, Set<T>> = { urgent: new Set(), normal: new Set(), bulk: new Set() }
  let passedBulk = 0

  const chooseLane = (): Lane | undefined => {
    if (lanes.bulk.size > 0 && passedBulk >= BULK_SHARE - 1) return 'bulk'
    return LANES.find((lane) => lanes[lane].size > 0)
  }
  return {
    add: (lane, waiter) => void lanes[lane].add(waiter),
    remove: (lane, waiter) => void lanes[lane].delete(waiter),
    next() {
      const lane = chooseLane()
      if (lane === undefined) return undefined
      passedBulk = lane === 'bulk' || lanes.bulk.size === 0 ? 0 : passedBulk + 1
      const [waiter] = lanes[lane]
      if (waiter !== undefined) lanes[lane].delete(waiter)
      return waiter
    },
    countAhead(lane) {
      const urgent = lanes.urgent.size
      const others = urgent + lanes.normal.size
      const bulk = lanes.bulk.size
      if (lane === 'bulk') return Math.min(others + bulk, BULK_SHARE * (bulk + 1) - 1)
      const before = lane === 'urgent' ? urgent : others
      return before + Math.min(bulk, Math.floor((before + passedBulk) / (BULK_SHARE - 1)))
    },
    size: () => lanes.urgent.size + lanes.normal.size + lanes.bulk.size,
    all: () => LANES.flatMap((lane) => [...lanes[lane]]),
  }
}
