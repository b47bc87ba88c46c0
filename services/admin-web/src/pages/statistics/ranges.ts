export const PRESETS = ['today', 'week', 'days30', 'month', 'lastMonth'] as const
export type Preset = (typeof PRESETS)[number]

/** Days as `2026-01-31`, both included. */
export interface Range {
  from: string
  to: string
}

const DAY_MS = 86_400_000

/** The day that it is at the reader's; the gateway's own may differ around midnight, and the dates say which it is. */
export function todayOf(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10)
}

export function isDay(text: string | null): text is string {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(text)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

export function rangeOf(preset: Preset, today: string): Range {
  switch (preset) {
    case 'today':
      return { from: today, to: today }
    case 'week':
      return { from: addDays(today, -6), to: today }
    case 'days30':
      return { from: addDays(today, -29), to: today }
    case 'month':
      return { from: `${today.slice(0, 8)}01`, to: today }
    case 'lastMonth': {
      const to = addDays(`${today.slice(0, 8)}01`, -1)
      return { from: `${to.slice(0, 8)}01`, to }
    }
  }
}

/** Which preset the dates are, to show it as chosen. */
export function presetOf(range: Range, today: string): Preset | null {
  const isSame = (preset: Preset) => {
    const { from, to } = rangeOf(preset, today)
    return from === range.from && to === range.to
  }
  return PRESETS.find(isSame) ?? null
}

/** Every day of the range, at most so many: none is left out because nothing happened on it. */
export function daysOf({ from, to }: Range, limit = 400): string[] {
  const days: string[] = []
  for (let day = from; day <= to && days.length < limit; day = addDays(day, 1)) days.push(day)
  return days
}
