import type { Lane } from '@sms-gateway/domain/lane'

export type Release = () => void

/** The submissions that may be out at a provider at once, shared between the lanes. */
export interface LaneSlots {
  /** `undefined` when no slot came free in time. */
  take(lane: Lane, limitMs: number): Promise<Release | undefined>
  readonly waiting: number
}

interface Waiter {
  lane: Lane
  settle: (release: Release | undefined) => void
}

const ORDER: readonly Lane[] = ['urgent', 'normal', 'bulk']
/** What a lane may hold of the whole: something is always left for whoever is more urgent. */
const SHARE: Record<Lane, number> = { urgent: 1, normal: 0.9, bulk: 0.7 }
/** Of ten slots that come free, one goes to the lane that has waited longest, so that bulk never starves. */
const FAIR_TURN = 10

export function createLaneSlots(size: number): LaneSlots {
  const held: Record<Lane, number> = { urgent: 0, normal: 0, bulk: 0 }
  const lines: Record<Lane, Set<Waiter>> = {
    urgent: new Set(),
    normal: new Set(),
    bulk: new Set(),
  }
  let turn = 0

  const mayHold = (lane: Lane): boolean => {
    const total = held.urgent + held.normal + held.bulk
    return total < size && held[lane] < Math.max(1, Math.floor(size * SHARE[lane]))
  }
  const hold = (lane: Lane): Release => {
    held[lane]++
    let given = false
    return () => {
      if (given) return
      given = true
      held[lane]--
      serve()
    }
  }
  const serve = (): void => {
    const order = ++turn % FAIR_TURN === 0 ? [...ORDER].reverse() : ORDER
    for (const lane of order) {
      const [first] = lines[lane]
      if (!first || !mayHold(lane)) continue
      lines[lane].delete(first)
      first.settle(hold(lane))
      return
    }
  }

  return {
    take(lane, limitMs) {
      if (lines[lane].size === 0 && mayHold(lane)) return Promise.resolve(hold(lane))
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          lines[lane].delete(waiter)
          resolve(undefined)
        }, limitMs)
        const waiter: Waiter = {
          lane,
          settle(release) {
            clearTimeout(timer)
            resolve(release)
          },
        }
        lines[lane].add(waiter)
      })
    },
    get waiting() {
      return lines.urgent.size + lines.normal.size + lines.bulk.size
    },
  }
}
