export interface WeightedVariant {
  variant: string
  /** A share of the sum of all weights; 0 gets nobody. */
  weight: number
  active: boolean
}

/**
 * The variant of a recipient: a stable function of the template, its version and the person, so that one person always
 * sees one variant, and no two templates split people alike.
 * @param point - evenly spread in [0, 1), from a keyed hash of template, version and recipient.
 * @returns `undefined` when no variant is active with a weight.
 */
export function chooseVariant<T extends WeightedVariant>(
  variants: readonly T[],
  point: number,
): T | undefined {
  const active = variants
    .filter(({ active: isActive, weight }) => isActive && weight > 0)
    .sort((a, b) => (a.variant < b.variant ? -1 : 1))
  const total = active.reduce((sum, { weight }) => sum + weight, 0)
  let rest = point * total
  for (const each of active) {
    rest -= each.weight
    if (rest < 0) return each
  }
  return active.at(-1)
}

/** A point in [0, 1) from the first bytes of a hash. */
export function pointOf(hash: Uint8Array): number {
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength)
  return view.getUint32(0) / 2 ** 32
}
