import type { Response } from 'express'
import { createBatcher } from './batcher.ts'
import { HttpProblem } from './problem.ts'

/** Where the requests of a key are counted, for all processes. */
export type CountInWindows = (
  counts: readonly { keyId: string; count: number }[],
) => Promise<readonly { used: number; resetMs: number }[]>

export interface RateState {
  limit: number
  /** Requests of the running window, this one included. */
  used: number
  resetMs: number
}

export const RATE_WINDOW_SECONDS = 60
const BATCH_SIZE = 500
const MAX_WAITING = 5_000

/** Counts a request. What comes together is counted together, and each learns which it was. */
export function createRateCounter(
  countInWindows: CountInWindows,
): (keyId: string, limit: number) => Promise<RateState> {
  const batcher = createBatcher<string, { used: number; resetMs: number }>({
    maxSize: BATCH_SIZE,
    maxConcurrent: 1,
    maxWaiting: MAX_WAITING,
    // None of them is to blame; and to repeat it would count them twice.
    isOutage: () => true,
    async flush(keyIds) {
      const counts = new Map<string, number>()
      const positions = keyIds.map((keyId) => {
        const position = (counts.get(keyId) ?? 0) + 1
        counts.set(keyId, position)
        return position
      })
      const taken = [...counts].map(([keyId, count]) => ({ keyId, count }))
      const windows = await countInWindows(taken)
      const byKey = new Map(taken.map(({ keyId }, index) => [keyId, windows[index]]))
      return keyIds.map((keyId, index) => {
        const { used = 0, resetMs = 0 } = byKey.get(keyId) ?? {}
        return { used: used - (counts.get(keyId) ?? 0) + (positions[index] ?? 0), resetMs }
      })
    },
  })
  return async (keyId, limit) => ({ limit, ...(await batcher.add(keyId)) })
}

/** Says on the answer what is left (draft-ietf-httpapi-ratelimit-headers-10); throws 429 where nothing is. */
export function applyRate(res: Response, { limit, used, resetMs }: RateState): void {
  const seconds = Math.max(1, Math.ceil(resetMs / 1_000))
  res.setHeader('RateLimit-Policy', `"key";q=${limit};w=${RATE_WINDOW_SECONDS}`)
  res.setHeader('RateLimit', `"key";r=${Math.max(0, limit - used)};t=${seconds}`)
  if (used <= limit) return
  const detail = `The API key may make ${limit} requests a minute: come again in ${seconds} s.`
  throw new HttpProblem('too-many-requests', detail, {
    headers: { 'retry-after': String(seconds) },
  })
}
