/** What was started is ended in reverse, each once, and one that fails keeps none of the others. */
export interface CleanUp {
  /** The returned function ends it earlier. */
  add(close: () => Promise<void>): () => Promise<void>
  closeAll(): Promise<void>
}

export function createCleanUp(): CleanUp {
  const closers: (() => Promise<void>)[] = []
  let closing: Promise<void> | undefined

  const closeAll = async () => {
    for (let close = closers.pop(); close; close = closers.pop()) {
      await close().catch((err: unknown) => {
        console.error(`clean-up: ${err instanceof Error ? err.message : String(err)}`)
      })
    }
  }
  return {
    add(close) {
      closers.push(close)
      return async () => {
        const index = closers.indexOf(close)
        if (index < 0) return
        closers.splice(index, 1)
        await close()
      }
    },
    closeAll: () => (closing ??= closeAll()),
  }
}
