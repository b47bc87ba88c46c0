export type Release = () => void

/** A number of slots, given out in the order in which they are asked for. */
export interface Slots {
  /** Resolves with what gives the slot back; rejects with the signal's reason when it aborts before. */
  take(signal?: AbortSignal): Promise<Release>
  readonly free: number
  readonly waiting: number
}

export function createSlots(size: number): Slots {
  let free = size
  // A set keeps the order, and an aborted wait leaves from the middle of it for free.
  const line = new Set<(release: Release) => void>()

  const createRelease = (): Release => {
    let given = false
    return () => {
      if (given) return
      given = true
      const [first] = line
      if (!first) {
        free++
        return
      }
      // The slot goes from hand to hand, so nobody who comes now can pass the one who waited.
      line.delete(first)
      first(createRelease())
    }
  }

  const wait = (signal?: AbortSignal): Promise<Release> =>
    new Promise((resolve, reject) => {
      const leave = () => {
        line.delete(enter)
        reject(signal?.reason)
      }
      const enter = (release: Release) => {
        signal?.removeEventListener('abort', leave)
        resolve(release)
      }
      line.add(enter)
      signal?.addEventListener('abort', leave, { once: true })
    })

  return {
    take(signal) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      if (free === 0) return wait(signal)
      free--
      return Promise.resolve(createRelease())
    },
    get free() {
      return free
    },
    get waiting() {
      return line.size
    },
  }
}
