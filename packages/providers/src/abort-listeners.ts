/** Calls `run` when the signal aborts; what it gives back takes `run` off again. */
export type OnAbort = (signal: AbortSignal, run: () => void) => () => void

/**
 * One listener on a signal, however many wait for it: Node walks all listeners of a signal to add or remove one, and
 * warns of a leak from the eleventh on.
 */
export function createAbortListeners(): OnAbort {
  const waiting = new WeakMap<AbortSignal, Set<() => void>>()

  return (signal, run) => {
    let runs = waiting.get(signal)
    if (runs === undefined) {
      const added = new Set<() => void>()
      waiting.set(signal, added)
      signal.addEventListener('abort', () => added.forEach((each) => each()), { once: true })
      runs = added
    }
    const joined = runs.add(run)
    return () => joined.delete(run)
  }
}
