import { CronExpressionParser } from 'cron-parser'
import { DateTime } from 'luxon'

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/

/**
 * A moment to the second: with an offset it says all, without one it is what the clocks of the zone show. `undefined`
 * for anything else.
 */
export function readMoment(text: string, timeZone: string): Date | undefined {
  const moment = LOCAL.test(text)
    ? DateTime.fromISO(text, { zone: timeZone })
    : DateTime.fromISO(text, { setZone: true })
  if (!moment.isValid || (!LOCAL.test(text) && !/(?:Z|[+-]\d{2}:\d{2})$/i.test(text))) {
    return undefined
  }
  return moment.toJSDate()
}

const FIELDS = 5

/** Five fields, as `crontab` has them: minutes apart at the least. */
export function isCron(cron: string): boolean {
  return cron.trim().split(/\s+/).length === FIELDS && nextRun(cron, 'UTC', new Date(0)) !== null
}

/** The first time after `after` at which the clocks of the zone show what the expression says; null where none comes. */
export function nextRun(cron: string, timeZone: string, after: Date): Date | null {
  try {
    const expression = CronExpressionParser.parse(cron, { currentDate: after, tz: timeZone })
    return expression.next().toDate()
  } catch {
    return null
  }
}

export interface Due {
  dueAt: Date
  missedAfterSeconds: number
}

/** Of one that came due: it runs, once, however late, or it is past its own deadline. */
export function decideDue({ dueAt, missedAfterSeconds }: Due, now: Date): 'run' | 'missed' {
  const lateMs = now.getTime() - dueAt.getTime()
  return lateMs > missedAfterSeconds * 1_000 ? 'missed' : 'run'
}

export interface Schedule {
  scheduleAt: Date | null
  cron: string | null
  timeZone: string
}

/** When it runs next by its schedule; null where no time of it is to come. */
export function nextTime({ scheduleAt, cron, timeZone }: Schedule, now: Date): Date | null {
  if (cron !== null) return nextRun(cron, timeZone, now)
  return scheduleAt && scheduleAt > now ? scheduleAt : null
}
