import type { Lane } from '@sms-gateway/domain/lane'
import { createHorizon } from './horizon.ts'
import type { LeaseSource } from './lease-source.ts'
import type { Pace } from './pace.ts'
import type { Limiter, LimitListener, Permit, Wait } from './permit.ts'
import type { Slots } from './slots.ts'
import { createSlots } from './slots.ts'
import type { TurnTaker } from './turn-taker.ts'
import { createTurnTaker } from './turn-taker.ts'
import { createWaitingLine } from './waiting-line.ts'

interface PacedLimiterOptions {
  id: string
  pace: Pace
  leases: LeaseSource
  leadMs: number
  listener: LimitListener
}

interface Waiter {
  lane: Lane
  since: number
  deadline: number
  timer: NodeJS.Timeout
  answer: (result: Permit | Wait) => void
}

/** Turns are taken this long before they are needed: a late timer or a slow store costs no permit. */
const AHEAD_MS = 100
/** A slot may be handed out so much later than its moment, in a busy process. */
const MIN_GRACE_MS = 40
/** Of that, the part that comes off the attempt's time to commit; the rest comes off the time to leave. */
const LEAD_LOSS_MS = 20
/** Of the spread that a pace allows, the part kept for the way to the provider. */
const TRANSIT_MS = 25
/** Those sent away come back by this part of their longest wait before their permit, and wait for it here. */
const HEAD_START = 0.5
const STORE_AWAY: Wait = { kind: 'wait', forMs: 1_000 }

export class PacedLimiter implements Limiter {
  readonly id: string
  readonly intervalMs: number
  readonly leadMs: number
  readonly #pace: Pace
  readonly #listener: LimitListener
  readonly #slots: Slots
  readonly #turns: TurnTaker
  readonly #line = createWaitingLine<Waiter>()
  readonly #horizon = createHorizon()
  #wakeUp: NodeJS.Timeout | undefined

  constructor({ id, pace, leases, leadMs, listener }: PacedLimiterOptions) {
    this.id = id
    this.intervalMs = pace.intervalMs
    this.leadMs = leadMs
    this.#pace = pace
    this.#listener = listener
    this.#slots = createSlots(pace, Math.max(MIN_GRACE_MS, pace.intervalMs * 0.4))
    this.#turns = createTurnTaker({ id, pace, leases })
  }

  take(lane: Lane, { maxWaitMs }: { maxWaitMs: number }): Promise<Permit | Wait> {
    const expectedMs = this.estimate(lane)
    if (expectedMs > maxWaitMs) return Promise.resolve(this.sendAway(lane, expectedMs, maxWaitMs))
    return new Promise((answer) => {
      const since = performance.now()
      const timer = setTimeout(() => {
        this.#dismiss(waiter)
      }, maxWaitMs)
      const waiter: Waiter = { lane, since, deadline: since + maxWaitMs, timer, answer }
      this.#line.add(lane, waiter)
      this.#serve()
    })
  }

  estimate(lane: Lane): number {
    const now = performance.now()
    const ahead = this.#line.countAhead(lane)
    const slot = this.#slots.find(ahead, now)
    if (slot !== undefined) return Math.max(0, slot - now)

    const missing = ahead - this.#slots.count(now)
    const turnsAway = Math.floor(missing / this.#pace.permitsPerLease)
    const last = this.#turns.last()
    // Only the store knows how long the next turn takes; nobody is sent away for a guess about it.
    if (!last || last.until <= now) return turnsAway * this.#turns.gapMs()
    const isAhead = this.#line.size() > 0
    return Math.max(0, last.from - now + (turnsAway + (isAhead ? 1 : 0)) * this.#turns.gapMs())
  }

  sendAway(lane: Lane, expectedMs: number, maxWaitMs: number): Wait {
    const now = performance.now()
    const stepMs = this.#turns.gapMs() / this.#pace.permitsPerLease
    const earliest = now + Math.max(stepMs, expectedMs - maxWaitMs * HEAD_START)
    this.#listener.onWait?.(this.id)
    return { kind: 'wait', forMs: this.#horizon.book(lane, earliest, stepMs) - now }
  }

  isIdle(): boolean {
    const now = performance.now()
    return (
      this.#line.size() === 0 &&
      !this.#turns.isAsking() &&
      this.#slots.count(now) === 0 &&
      this.#horizon.end() <= now
    )
  }

  /** Hands out what is due, takes another turn if somebody is still without a slot, and sleeps until the next is due. */
  #serve(): void {
    clearTimeout(this.#wakeUp)
    const now = performance.now()
    while (this.#line.size() > 0) {
      const slot = this.#slots.take(now)
      if (slot === undefined) break
      this.#hand(slot, now)
    }
    if (this.#line.size() === 0) return

    const wakeUpAt = [this.#slots.find(0, now)]
    if (this.#line.size() > this.#slots.count(now) && !this.#turns.isAsking()) {
      const askAt = (this.#turns.last()?.from ?? 0) - AHEAD_MS
      if (askAt <= now) void this.#ask()
      else wakeUpAt.push(askAt)
    }
    const next = Math.min(...wakeUpAt.filter((moment) => moment !== undefined))
    if (next !== Infinity) {
      this.#wakeUp = setTimeout(
        () => {
          this.#serve()
        },
        Math.ceil(next - now),
      )
    }
  }

  #hand(slot: number, now: number): void {
    const waiter = this.#line.next()
    if (!waiter) return
    clearTimeout(waiter.timer)
    this.#listener.onPermit?.(this.id, now - waiter.since)
    waiter.answer({
      kind: 'permit',
      at: Math.max(slot, now - LEAD_LOSS_MS) + this.leadMs,
      until: slot + this.leadMs + this.#pace.spreadMs - TRANSIT_MS,
      giveBack: () => {
        this.#slots.giveBack(slot, performance.now())
        this.#serve()
      },
    })
  }

  async #ask(): Promise<void> {
    try {
      this.#slots.add(await this.#turns.ask())
    } catch {
      // Whatever it is, without the store there is no permit.
      for (const waiter of this.#line.all()) this.#dismiss(waiter, STORE_AWAY)
      return
    }
    this.#dismissUntilSlots()
    this.#serve()
  }

  /** Those whose slots come too late for them go away, and are told to be back for them: or the slots would be lost. */
  #dismissUntilSlots(): void {
    const now = performance.now()
    for (const [index, waiter] of this.#line.all().entries()) {
      const slot = this.#slots.find(index, now)
      if (slot === undefined || slot <= waiter.deadline) continue
      const forMs = slot - now - (waiter.deadline - waiter.since) * HEAD_START
      this.#dismiss(waiter, { kind: 'wait', forMs })
    }
  }

  #dismiss(waiter: Waiter, wait?: Wait): void {
    clearTimeout(waiter.timer)
    this.#line.remove(waiter.lane, waiter)
    if (wait) this.#listener.onWait?.(this.id)
    const { lane, since, deadline } = waiter
    waiter.answer(wait ?? this.sendAway(lane, this.estimate(lane), deadline - since))
  }
}
