import type { Turn } from './lease-source.ts'
import type { Pace } from './pace.ts'

/** The moments at which this process may hand out a permit: those of the turns it holds. */
export interface Slots {
  add(turn: Turn): void
  /** The slot whose moment has come. One that nobody took in time is lost, never saved up. */
  take(now: number): number | undefined
  giveBack(moment: number, now: number): void
  count(now: number): number
  /** The slot with `ahead` others before it. */
  find(ahead: number, now: number): number | undefined
}

export function createSlots({ intervalMs, permitsPerLease }: Pace, graceMs: number): Slots {
  let moments: number[] = []

  const dropLost = (now: number) => {
    const kept = moments.findIndex((moment) => moment >= now - graceMs)
    if (kept !== 0) moments = kept === -1 ? [] : moments.slice(kept)
  }
  return {
    add({ from, until }) {
      for (let index = 0; index < permitsPerLease; index++) {
        const moment = from + index * intervalMs
        if (moment < until) moments.push(moment)
      }
    },
    take(now) {
      dropLost(now)
      const [first] = moments
      return first !== undefined && first <= now ? moments.shift() : undefined
    },
    giveBack(moment, now) {
      if (moment >= now - graceMs) moments = [...moments, moment].sort((a, b) => a - b)
    },
    count(now) {
      dropLost(now)
      return moments.length
    },
    find(ahead, now) {
      dropLost(now)
      return moments[ahead]
    },
  }
}
