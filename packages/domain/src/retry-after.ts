const HOUR_MS = 60 * 60_000

/** `Retry-After` in seconds or as a date, at most an hour; `undefined` for anything else. */
export function readRetryAfter(header: unknown, now: Date): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined
  const seconds = Number(header)
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - now.getTime() : seconds * 1_000
  return Number.isFinite(waitMs) && waitMs >= 0 ? Math.min(waitMs, HOUR_MS) : undefined
}
