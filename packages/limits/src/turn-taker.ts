import type { LeaseSource, Turn } from './lease-source.ts'
import type { Pace } from './pace.ts'

/** Takes the turns of one limiter, one after the other, and learns how often one comes. */
export interface TurnTaker {
  /** The turn taken last; it may have passed. */
  last(): Turn | undefined
  /** Between two own turns, while others take theirs. */
  gapMs(): number
  isAsking(): boolean
  ask(): Promise<Turn>
}

interface TurnTakerOptions {
  id: string
  pace: Pace
  leases: LeaseSource
}

/** A store that has not answered by then is away. */
const ASK_LIMIT_MS = 1_000

export function createTurnTaker({ id, pace, leases }: TurnTakerOptions): TurnTaker {
  const { leaseMs } = pace
  let last: Turn | undefined
  let gapMs = leaseMs
  let asking = false

  const learn = (turn: Turn, askedAt: number) => {
    const inSequence = last !== undefined && askedAt < last.until
    const before = inSequence && last ? last.from : askedAt - leaseMs
    gapMs = Math.max(leaseMs, (gapMs + turn.from - before) / 2)
    last = turn
  }
  return {
    last: () => last,
    gapMs: () => gapMs,
    isAsking: () => asking,
    async ask() {
      asking = true
      const askedAt = performance.now()
      try {
        // The settings of a turn are in its name: the stores keep the first that they were told.
        const name = `${id}@${pace.permitsPerLease}/${leaseMs}`
        const turn = await leases.takeTurn(name, leaseMs, AbortSignal.timeout(ASK_LIMIT_MS))
        learn(turn, askedAt)
        return turn
      } finally {
        asking = false
      }
    },
  }
}
