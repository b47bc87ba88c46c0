import { expect, test } from '@jest/globals'
import { checkSplit } from './split-check.ts'

const groups = (shares: readonly number[], counts: readonly number[]) =>
  shares.map((share, index) => ({ share, count: counts[index] ?? 0 }))

// References: scipy 1.17, stats.chisquare.
test.each([
  [[1, 1], [5_100, 4_900], 0.04550026389635857, false],
  [[50, 50], [5_200, 4_800], 6.334248366623988e-5, true],
  [[500, 700, 300], [480, 720, 300], 0.5037302936889632, false],
  [[1, 1, 0], [5_100, 4_900, 0], 0.04550026389635857, false],
])('shares %j and people %j', (shares, counts, pValue, mismatch) => {
  const check = checkSplit(groups(shares, counts))
  expect(check.pValue).toBeCloseTo(pValue, 12)
  expect(check.mismatch).toBe(mismatch)
})

test('says nothing of few people, and nothing of one group', () => {
  expect(checkSplit(groups([1, 1], [9, 0]))).toEqual({ pValue: null, mismatch: false })
  expect(checkSplit(groups([1], [1_000]))).toEqual({ pValue: null, mismatch: false })
  expect(checkSplit([])).toEqual({ pValue: null, mismatch: false })
})

test('people in a group that was to get none are a mismatch', () => {
  expect(checkSplit(groups([0, 1], [1, 3]))).toEqual({ pValue: 0, mismatch: true })
})
