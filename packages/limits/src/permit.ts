import type { Lane } from '@sms-gateway/domain/lane'

export interface Permit {
  kind: 'permit'
  /** The moment of `performance.now()` at which the bytes may leave: commit the attempt, then sleep until it. */
  at: number
  /** Past this moment the permit is void: whoever wakes up later must take another. */
  until: number
  /** Not used after all: another may have it, if its moment has not passed. */
  giveBack(): void
}

/**
 * No permit soon enough: come back then. The time is another for each who is sent away, and half of `maxWaitMs` before
 * his permit: who comes back later than that finds it lost.
 */
export interface Wait {
  kind: 'wait'
  forMs: number
}

export interface Limiter {
  readonly id: string
  /** Between two permits; 0 where there is no limit. */
  readonly intervalMs: number
  /** A permit is answered this long before its `at`. */
  readonly leadMs: number
  take(lane: Lane, options: { maxWaitMs: number }): Promise<Permit | Wait>
  /** Milliseconds until a permit, as far as this process can know; takes nothing. */
  estimate(lane: Lane): number
  /** The time to come back for one who does not wait here, and a place among the others sent away. */
  sendAway(lane: Lane, expectedMs: number, maxWaitMs: number): Wait
  /** Nobody waits here and nobody sent away is still to come back. */
  isIdle(): boolean
}

export interface LimitListener {
  onPermit?(limiterId: string, waitedMs: number): void
  onWait?(limiterId: string): void
}
