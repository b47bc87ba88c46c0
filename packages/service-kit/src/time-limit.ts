/** Rejects once the limit has passed. What was started runs on, so it needs a limit of its own or a signal. */
export async function withTimeLimit<T>(limitMs: number, start: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimeLimitError(limitMs))
    }, limitMs)
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
