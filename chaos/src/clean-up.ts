/** What was started is ended in reverse, each once, and one that fails keeps none of the others. */
export interface CleanUp {
  add(close: () => Promise<void>): void
  closeAll(): Promise<void>
}

export function createCleanUp(): CleanUp {
  const closers: (() => Promise<void>)[] = []
  const closeAll = async () => {
    for (let close = closers.pop(); close; close = closers.pop()) {
      await close().catch((err: unknown) => {
        console.error(`clean-up: ${err instanceof Error ? err.message : String(err)}`)
      })
    }
  }
  return { add: (close) => void closers.push(close), closeAll }
}
