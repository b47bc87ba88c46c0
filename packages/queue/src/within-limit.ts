/** Rejects when the work has not finished in time; the work itself goes on, unheard. */
export async function withinLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => {
      reject(new Error(`no answer from the queue within ${limitMs} ms`))
    }
    // An answer that came while this process stood still lies in the socket: it is read before we give up.
    timer = setTimeout(() => setImmediate(giveUp), limitMs)
  })
  work.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
