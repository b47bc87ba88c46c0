import type { RetryFailedResponse } from '@sms-gateway/contracts/retry'

const MINUTE_MS = 60_000

export interface RetryFilter {
  error_code?: string
  provider?: string
  start_date?: string
  end_date?: string
}

/** '' is without a rate; undefined where it is none. */
export function readRate(text: string): number | null | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (!/^\d{1,5}$/.test(trimmed)) return undefined
  const rate = Number(trimmed)
  return rate >= 1 && rate <= 60_000 ? rate : undefined
}

/** What is said of the calls so far. */
export interface RetryProgress {
  retried: number
  remaining: number
  lastAt: string | null
}

export const NO_PROGRESS: RetryProgress = { retried: 0, remaining: 0, lastAt: null }

export function addAnswer(progress: RetryProgress, answer: RetryFailedResponse): RetryProgress {
  return {
    retried: progress.retried + answer.retried,
    remaining: answer.remaining,
    lastAt: answer.last_at ?? progress.lastAt,
  }
}

/** A call that made nothing will make nothing when it is repeated: a budget is used up. */
export function goesOn({ retried, remaining }: RetryFailedResponse): boolean {
  return retried > 0 && remaining > 0
}

/** When the next call's first message goes: one step after the last of the call before, so that the rate holds over all. */
export function nextStart({ lastAt }: RetryProgress, rate: number | null): string | undefined {
  if (rate === null || lastAt === null) return undefined
  return new Date(Date.parse(lastAt) + MINUTE_MS / rate).toISOString()
}

/** How long so many take, in seconds. */
export function secondsFor(count: number, rate: number): number {
  return (Math.max(0, count - 1) * 60) / rate
}
