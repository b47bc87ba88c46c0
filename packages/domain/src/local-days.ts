import { DateTime } from 'luxon'

/** From `from` on and before `before`. */
export interface TimeSpan {
  from: Date
  before: Date
}

/** `2026-02-28`, and no day that there is not. None is before 1970, as no message is. */
export function isDay(text: string): boolean {
  const isForm = /^(?:19[7-9]|[2-9]\d\d)\d-\d\d-\d\d$/.test(text)
  return isForm && DateTime.fromISO(text, { zone: 'utc' }).isValid
}

/** Whole days by the clock on the wall of the zone, both included: `2026-03-01` is a day of 23 to 25 hours. */
export function spanOfDays(firstDay: string, lastDay: string, zone: string): TimeSpan {
  return {
    from: startOfDay(firstDay, zone).toJSDate(),
    before: startOfDay(lastDay, zone).plus({ days: 1 }).startOf('day').toJSDate(),
  }
}

/** The day on which `at` falls, as `2026-03-01`. */
export function dayOf(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd')
}

/** `2026-03-01` and -1 is `2026-02-28`. */
export function addDays(day: string, days: number): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd')
}

/** Where midnight is jumped over, the day begins right after the jump. */
function startOfDay(day: string, zone: string): DateTime {
  return DateTime.fromISO(day, { zone }).startOf('day')
}
