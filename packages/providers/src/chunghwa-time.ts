const TAIWAN_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/

/** `20250324152300`, in Taiwan's time (UTC+8, no summer time); `undefined` for `null` and anything else. */
export function readTaiwanTime(text: string | undefined): Date | undefined {
  const match = TAIWAN_TIME.exec(text ?? '')
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
