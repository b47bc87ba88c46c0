/** Runs things at their time with one timer for each `tickMs`, however many they are. */
export interface TimerWheel {
  schedule(atMs: number, run: () => void): void
  clear(): void
}

export function createTimerWheel(tickMs = 5): TimerWheel {
  const due = new Map<number, Array<() => void>>()
  const timers = new Set<NodeJS.Timeout>()

  function open(tick: number): Array<() => void> {
    const waiting: Array<() => void> = []
    due.set(tick, waiting)
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        due.delete(tick)
        for (const run of waiting) run()
      },
      Math.max(0, tick * tickMs - Date.now()),
    )
    timers.add(timer)
    return waiting
  }

  return {
    schedule(atMs, run) {
      const tick = Math.ceil(Math.max(atMs, Date.now()) / tickMs)
      const waiting = due.get(tick) ?? open(tick)
      waiting.push(run)
    },
    clear() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      due.clear()
    },
  }
}
