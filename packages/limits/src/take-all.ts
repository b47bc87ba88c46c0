import type { Lane } from '@sms-gateway/domain/lane'
import type { Limiter, Permit, Wait } from './permit.ts'

/**
 * One permit that satisfies several limits at once. Those with the longest wait are taken first, so that the others are
 * held shortly: a permit is void soon after its moment, and a window would overflow if it were kept for later.
 */
export async function takeAll(
  limiters: readonly Limiter[],
  lane: Lane,
  { maxWaitMs }: { maxWaitMs: number },
): Promise<Permit | Wait> {
  const deadline = performance.now() + maxWaitMs
  const limited = limiters.filter(({ intervalMs }) => intervalMs > 0)
  for (;;) {
    const result = await takeOnce(limited, lane, { deadline, maxWaitMs })
    if (result.kind === 'permit' || performance.now() + result.forMs >= deadline) return result
    await sleep(result.forMs)
  }
}

async function takeOnce(
  limiters: readonly Limiter[],
  lane: Lane,
  { deadline, maxWaitMs }: { deadline: number; maxWaitMs: number },
): Promise<Permit | Wait> {
  // The first of them refuses at once if its permit would come too late: then nothing is taken.
  const slowestFirst = limiters
    .map((limiter) => ({ limiter, expectedMs: limiter.estimate(lane) }))
    .sort((a, b) => b.expectedMs - a.expectedMs || b.limiter.intervalMs - a.limiter.intervalMs)
  const taken: Permit[] = []
  let all = joinPermits(taken)
  for (const { limiter } of slowestFirst) {
    const latest = Math.min(deadline, all.until - limiter.leadMs)
    const result = await limiter.take(lane, { maxWaitMs: Math.max(0, latest - performance.now()) })
    if (result.kind === 'wait') {
      all.giveBack()
      return result
    }
    taken.push(result)
    all = joinPermits(taken)
    if (all.at > all.until) {
      all.giveBack()
      return limiter.sendAway(lane, 0, maxWaitMs)
    }
  }
  return all
}

function joinPermits(permits: readonly Permit[]): Permit {
  return {
    kind: 'permit',
    at: Math.max(performance.now(), ...permits.map(({ at }) => at)),
    until: Math.min(Infinity, ...permits.map(({ until }) => until)),
    giveBack() {
      for (const permit of permits) permit.giveBack()
    },
  }
}

/** By the global timer, which tests can turn forward; that of `node:timers/promises` they cannot. */
function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
