const MINUTE_MS = 60_000
/** Over as many whole minutes and the one that runs: shorter jumps, longer shows what was. */
const WHOLE_MINUTES = 2

export interface SentInMinute {
  /** Its start. */
  minute: Date
  sent: number
}

export interface LaneOutlook {
  perMinute: number
  /** Until the lane is empty at this rate; null where nothing moves. */
  secondsLeft: number | null
}

/** How fast a lane goes, and how long what waits in it will take. */
export function lookAhead(depth: number, minutes: readonly SentInMinute[], now: Date): LaneOutlook {
  const running = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS
  const from = running - WHOLE_MINUTES * MINUTE_MS
  const sent = minutes
    .filter(({ minute }) => minute.getTime() >= from && minute <= now)
    .reduce((sum, each) => sum + Math.max(0, each.sent), 0)
  const perMinute = (sent * MINUTE_MS) / (now.getTime() - from)
  return {
    perMinute: Math.round(perMinute * 10) / 10,
    secondsLeft: depth === 0 ? 0 : sent === 0 ? null : Math.ceil((depth / perMinute) * 60),
  }
}
