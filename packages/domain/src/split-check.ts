import { chiSquareTail } from './gamma.ts'

export interface SplitGroup {
  /** In proportion to those of the other groups. */
  share: number
  count: number
}

export interface SplitCheck {
  /** `null` while there are too few people to tell. */
  pValue: number | null
  mismatch: boolean
}

/** Strict, because it is looked at often, and a split that is really broken soon gives far less. */
const THRESHOLD = 0.001
/** Below this expectation chi-square is not what the statistic follows. */
const MIN_EXPECTED = 5

/**
 * Whether people fell into the groups as the shares say (sample-ratio mismatch): if not, something lets one group's
 * people go missing, and no comparison of the groups is worth anything.
 */
export function checkSplit(groups: readonly SplitGroup[]): SplitCheck {
  const total = groups.reduce((sum, { count }) => sum + count, 0)
  const shares = groups.reduce((sum, { share }) => sum + share, 0)
  const cells = groups
    .filter(({ share, count }) => share > 0 || count > 0)
    .map(({ share, count }) => ({ count, expected: (share / shares) * total }))
  if (cells.some(({ count, expected }) => expected === 0 && count > 0)) {
    return { pValue: 0, mismatch: true }
  }
  if (cells.length < 2 || cells.some(({ expected }) => expected < MIN_EXPECTED)) {
    return { pValue: null, mismatch: false }
  }
  const statistic = cells.reduce(
    (sum, { count, expected }) => sum + (count - expected) ** 2 / expected,
    0,
  )
  const pValue = chiSquareTail(statistic, cells.length - 1)
  return { pValue, mismatch: pValue < THRESHOLD }
}
