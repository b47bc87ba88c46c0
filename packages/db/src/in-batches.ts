/**
 * Repeats a statement that takes so many rows away at most, until it finds fewer; each commits by itself. A long list goes
 * on in the next run. How many they were.
 */
export async function inBatches(
  run: (limit: number) => Promise<number>,
  { size, batches, signal }: { size: number; batches: number; signal?: AbortSignal | undefined },
): Promise<number> {
  let total = 0
  for (let batch = 0; batch < batches && !signal?.aborted; batch++) {
    const taken = await run(size)
    total += taken
    if (taken < size) break
  }
  return total
}
