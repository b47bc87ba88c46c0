/** What was opened is closed in reverse, whatever of it was opened by then. */
export interface Closers {
  add(close: () => Promise<void> | void): void
  closeAll(): Promise<void>
}

export function createClosers(): Closers {
  const closers: (() => Promise<void> | void)[] = []
  return {
    add(close) {
      closers.push(close)
    },
    async closeAll() {
      for (let close = closers.pop(); close; close = closers.pop()) await close()
    },
  }
}
