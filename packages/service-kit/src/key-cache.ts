import { hash } from 'node:crypto'

export interface KeyCacheOptions<T> {
  /** Finds what belongs to the SHA-256 of a key, in hex; `undefined` for a key that is none. */
  load: (hash: string) => Promise<T | undefined>
  /** For so long a revoked key may still work, and a new one not yet. */
  ttlMs?: number
  /** Of good keys, and as many of wrong ones. */
  maxEntries?: number
  now?: () => number
}

export interface KeyCache<T> {
  find: (key: string) => Promise<T | undefined>
  /** The next one who asks for it is told what is true then. */
  forget: (key: string) => void
}

/**
 * Answers by key, and loads each one once in a while. Requests that come together share one load.
 * The keys themselves are not kept.
 */
export function createKeyCache<T>({
  load,
  ttlMs = 5_000,
  maxEntries = 10_000,
  now = Date.now,
}: KeyCacheOptions<T>): KeyCache<T> {
  // Apart, so that someone who tries a million wrong keys pushes no good one out.
  const good = new Map<string, { value: T; validUntil: number }>()
  const wrong = new Map<string, { value: undefined; validUntil: number }>()
  const loading = new Map<string, Promise<T | undefined>>()

  const loadOnce = async (hash: string): Promise<T | undefined> => {
    // Counted from the question: the answer may be as old as that.
    const validUntil = now() + ttlMs
    try {
      const value = await load(hash)
      good.delete(hash)
      wrong.delete(hash)
      if (value === undefined) keepNewest(wrong, maxEntries, hash, { value, validUntil })
      else keepNewest(good, maxEntries, hash, { value, validUntil })
      return value
    } finally {
      // A failure is kept nowhere: the next request asks again.
      loading.delete(hash)
    }
  }

  return {
    find(key) {
      const hash = hashKey(key)
      const known = good.get(hash) ?? wrong.get(hash)
      if (known && now() < known.validUntil) return Promise.resolve(known.value)
      const started = loading.get(hash) ?? loadOnce(hash)
      loading.set(hash, started)
      return started
    },
    forget(key) {
      const hash = hashKey(key)
      good.delete(hash)
      loading.delete(hash)
    },
  }
}

/** How a key is kept and looked up: it is long and random, so one round is enough. */
export function hashKey(key: string): string {
  return hash('sha256', key, 'hex')
}

function keepNewest<V>(entries: Map<string, V>, maxEntries: number, hash: string, value: V): void {
  entries.set(hash, value)
  const [oldest] = entries.keys()
  if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
}
