const MINUTE_MS = 60_000
/** The database says the same again: forgetting some costs a statement each. */
const MAX_KNOWN = 10_000

/** Writes in passing when something was last used. Nobody waits for it, and the next minute's says as much. */
export function onceAMinute(write: (id: string) => Promise<void>): (id: string) => void {
  const written = new Map<string, number>()
  return (id) => {
    const now = Date.now()
    if (now - (written.get(id) ?? 0) < MINUTE_MS) return
    if (written.size >= MAX_KNOWN) written.clear()
    written.set(id, now)
    write(id).catch(() => undefined)
  }
}
