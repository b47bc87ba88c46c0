/** Asks at most once in `ttlMs`; who asks meanwhile gets the same answer. A failure is nobody's answer. */
export function remember<T>(
  ask: () => Promise<T>,
  ttlMs: number,
  now: () => number = Date.now,
): () => Promise<T> {
  let known: { answer: Promise<T>; validUntil: number } | undefined
  return () => {
    if (known && now() < known.validUntil) return known.answer
    const answer = ask()
    const entry = { answer, validUntil: now() + ttlMs }
    known = entry
    answer.catch(() => {
      if (known === entry) known = undefined
    })
    return answer
  }
}
