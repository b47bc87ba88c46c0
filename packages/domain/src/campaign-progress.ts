/** How fast a campaign goes, as it was last measured. */
export interface Pace {
  /** Recipients a second; null before the second measurement. */
  perSecond: number | null
  done: number
  at: Date
}

const SECOND = 1_000
/** Shorter spans say more of the beat of the clock than of the campaign. */
const MIN_SPAN_SECONDS = 2
/** After so long an older measurement has lost most of its weight. */
const MEMORY_SECONDS = 60

/** The pace with one more measurement: recent ones weigh more. */
export function measurePace(pace: Pace | null, done: number, now: Date): Pace {
  if (!pace || done < pace.done) return { perSecond: null, done, at: now }
  const seconds = (now.getTime() - pace.at.getTime()) / SECOND
  if (seconds < MIN_SPAN_SECONDS) return pace
  const measured = (done - pace.done) / seconds
  const weight = 1 - Math.exp(-seconds / MEMORY_SECONDS)
  const perSecond =
    pace.perSecond === null ? measured : pace.perSecond + weight * (measured - pace.perSecond)
  return { perSecond, done, at: now }
}

/** Null where nothing can be said: it has not been measured, or stands still. */
export function secondsLeft(pace: Pace | null, left: number): number | null {
  if (left === 0) return 0
  if (!pace?.perSecond || pace.perSecond <= 0) return null
  return Math.ceil(left / pace.perSecond)
}
