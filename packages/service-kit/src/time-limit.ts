/** Rejects once the limit has passed. What was started runs on, so it needs a limit of its own or a signal. */
export async function withTimeLimit<T>(limitMs: number, start: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    const giveUp = () => {
      reject(new TimeLimitError(limitMs))
    }
    // An answer that came while this process stood still lies in the socket: it is read before we give up.
    timer = setTimeout(() => setImmediate(giveUp), limitMs)
  })
  try {
    return await Promise.race([start(), limit])
  } finally {
    clearTimeout(timer)
  }
}

export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'

  constructor(limitMs: number) {
    super(`not done within ${limitMs} ms`)
  }
}
