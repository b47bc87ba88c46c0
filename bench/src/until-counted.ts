import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 25
/** Without a single row more for so long, the rest does not come. */
const PATIENCE_MS = 20_000

/** Resolves when the count is there. */
export async function untilCounted(
  name: string,
  count: () => Promise<number>,
  wanted: number,
): Promise<void> {
  let seen = -1
  let seenAt = performance.now()
  for (;;) {
    const counted = await count()
    if (counted >= wanted) return
    if (counted !== seen) {
      seen = counted
      seenAt = performance.now()
    } else if (performance.now() - seenAt > PATIENCE_MS) {
      throw new Error(`${name}: ${counted} of ${wanted} messages, and no more come`)
    }
    await delay(POLL_MS)
  }
}
