/** Things that come and go, as the customers' limiters: made when asked for, dropped when idle. */
export interface BoundedMap<T> {
  get(key: string, create: () => T): T
  size(): number
  all(): T[]
}

interface BoundedMapOptions<T> {
  isIdle: (value: T) => boolean
  onDrop?: (value: T) => void
  /** More are kept only while they are busy. */
  max: number
}

/** So many of those longest unused are looked at for each new one: more than one, so that the map shrinks again. */
const LOOK_AT = 4

export function createBoundedMap<T>(options: BoundedMapOptions<T>): BoundedMap<T> {
  const { isIdle, onDrop, max } = options
  // In the order of their last use.
  const entries = new Map<string, T>()

  const dropIdle = () => {
    const oldest = [...firstOf(entries, LOOK_AT)]
    for (const [key, value] of oldest) {
      if (entries.size < max) return
      if (!isIdle(value)) {
        touch(key, value) // a busy one must not stand in front of the idle ones for ever
        continue
      }
      entries.delete(key)
      onDrop?.(value)
    }
  }
  const touch = (key: string, value: T) => {
    entries.delete(key)
    entries.set(key, value)
  }
  return {
    get(key, create) {
      const known = entries.get(key)
      if (known === undefined) dropIdle()
      const value = known ?? create()
      touch(key, value)
      return value
    },
    size: () => entries.size,
    all: () => [...entries.values()],
  }
}

function* firstOf<K, V>(entries: Map<K, V>, count: number): Generator<[K, V]> {
  let index = 0
  for (const entry of entries) {
    if (index++ >= count) return
    yield entry
  }
}
