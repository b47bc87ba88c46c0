/** The most in any rolling window. */
export function countWorstWindow(moments: readonly number[], windowMs: number): number {
  const sorted = [...moments].sort((a, b) => a - b)
  let worst = 0
  let from = 0
  for (const [index, moment] of sorted.entries()) {
    while (moment - (sorted[from] ?? 0) >= windowMs) from++
    worst = Math.max(worst, index - from + 1)
  }
  return worst
}

export function countPerSecond(moments: readonly number[]): number {
  return ((moments.length - 1) * 1_000) / (Math.max(...moments) - Math.min(...moments))
}
