/** Months in UTC, as ids count: what messages are kept and dropped by. */
export interface Month {
  /** `2026_01`: what the month's tables are called by. */
  suffix: string
  from: Date
  to: Date
}

const MONTHS_BEHIND = 1
const MONTHS_AHEAD = 3
const DAY_MS = 86_400_000

export function monthOf(at: Date, offset = 0): Month {
  const from = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1))
  const to = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset + 1, 1))
  const suffix = `${from.getUTCFullYear()}_${String(from.getUTCMonth() + 1).padStart(2, '0')}`
  return { suffix, from, to }
}

/** From last month to three months ahead. */
export function monthsRound(now: Date): Month[] {
  return Array.from({ length: MONTHS_BEHIND + 1 + MONTHS_AHEAD }, (_, index) =>
    monthOf(now, index - MONTHS_BEHIND),
  )
}

/** `undefined` for what is no suffix of ours. */
export function readMonth(suffix: string): Month | undefined {
  const [, year, month] = /^([0-9]{4})_([0-9]{2})$/.exec(suffix) ?? []
  return year === undefined
    ? undefined
    : monthOf(new Date(Date.UTC(Number(year), Number(month) - 1)))
}

/** The first month that is kept: the days are whole in it, so one that began before them stays. */
export function firstMonthKept(now: Date, days: number): Month {
  return monthOf(new Date(now.getTime() - days * DAY_MS))
}
