import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 25
const LIMIT_MS = 30_000

/** Asks until there is an answer; `undefined` and `false` are none. What is missing may be said as late as that. */
export async function until<T>(
  what: string | (() => string),
  ask: () => Promise<T | false | undefined> | T | false | undefined,
  limitMs = LIMIT_MS,
): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) {
      throw new Error(`not within ${limitMs} ms: ${typeof what === 'string' ? what : what()}`)
    }
    await delay(POLL_MS)
  }
}
