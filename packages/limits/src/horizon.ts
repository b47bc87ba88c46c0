import type { Lane } from '@sms-gateway/domain/lane'
import { LANES } from '@sms-gateway/domain/lane'

/** When those who were sent away come back: one after the other, at the pace of the limit, the urgent first. */
export interface Horizon {
  /** The next free moment from `earliest` on; it is taken for `stepMs`. */
  book(lane: Lane, earliest: number, stepMs: number): number
  /** The last moment that is booked. */
  end(): number
}

export function createHorizon(): Horizon {
  const ends: Record<Lane, number> = { urgent: 0, normal: 0, bulk: 0 }
  return {
    book(lane, earliest, stepMs) {
      // A lane comes back after those above it, so that bulk does not take what was promised to urgent.
      const upTo = LANES.slice(0, LANES.indexOf(lane) + 1)
      const moment = Math.max(earliest, ...upTo.map((above) => ends[above]))
      ends[lane] = moment + stepMs
      return moment
    },
    end: () => Math.max(...Object.values(ends)),
  }
}
