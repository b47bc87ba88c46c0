import { setTimeout as delay } from 'node:timers/promises'

/** Rejects when the work has not finished in time; the work itself goes on, unheard. */
export async function withinLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const timer = new AbortController()
  const late = delay(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer from the queue within ${limitMs} ms`)
  })
  late.catch(() => undefined)
  work.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    timer.abort()
  }
}
