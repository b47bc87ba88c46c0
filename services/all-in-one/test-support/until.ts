import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 25
/** Of "for ever": any process of a busy machine may stand still for half a minute, more than once. */
const LIMIT_MS = 100_000

/** Asks until there is an answer; `undefined` and `false` are none. What is missing may be said as late as that. */
export async function until<T>(
  what: string | (() => string),
  ask: () => Promise<T | false | undefined> | T | false | undefined,
  limitMs = LIMIT_MS,
): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    // Whoever stood still until after the deadline asks once more: the others may have gone on meanwhile.
    const isLast = performance.now() > deadline
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (isLast)
      throw new Error(`not within ${limitMs} ms: ${typeof what === 'string' ? what : what()}`)
    await delay(POLL_MS)
  }
}
