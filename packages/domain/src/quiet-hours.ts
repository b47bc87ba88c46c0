import { DateTime, IANAZone } from 'luxon'

/** Minutes from midnight; a window whose end is not after its start goes across midnight. */
export interface QuietWindow {
  startMinute: number
  endMinute: number
}

const FORM = /^([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])$/

/** `21:00-08:00`, or `off` (`null`). `undefined` for anything else, and for a window that never ends. */
export function readQuietHours(text: string): QuietWindow | null | undefined {
  if (text === 'off') return null
  const match = FORM.exec(text)
  if (!match) return undefined
  const [startHour, startMinute, endHour, endMinute] = match.slice(1).map(Number)
  const window = {
    startMinute: (startHour ?? 0) * 60 + (startMinute ?? 0),
    endMinute: (endHour ?? 0) * 60 + (endMinute ?? 0),
  }
  return window.startMinute === window.endMinute ? undefined : window
}

export function isTimeZone(zone: string): boolean {
  return IANAZone.isValidZone(zone)
}

/**
 * When the quiet hours that hold at `now` in the zone end; `undefined` when it is not quiet. By the clock on the wall:
 * a night in which the clocks change is an hour longer or shorter, and an end that the clocks jump over is right after
 * the jump.
 */
export function quietUntil(now: Date, window: QuietWindow | null, zone: string): Date | undefined {
  if (!window) return undefined
  const local = DateTime.fromJSDate(now, { zone })
  const minute = local.hour * 60 + local.minute
  if (!isWithin(minute, window)) return undefined
  const endsTomorrow = minute >= window.endMinute
  const end = local
    .startOf('day')
    .plus({ days: endsTomorrow ? 1 : 0 })
    .set({ hour: Math.floor(window.endMinute / 60), minute: window.endMinute % 60 })
  // Where the clocks are set back the end comes twice: the second time is the one that has not passed.
  return end > local ? end.toJSDate() : end.plus({ hours: 1 }).toJSDate()
}

function isWithin(minute: number, { startMinute, endMinute }: QuietWindow): boolean {
  return startMinute < endMinute
    ? minute >= startMinute && minute < endMinute
    : minute >= startMinute || minute < endMinute
}
