import { expect, test } from '@jest/globals'
import { readRetryAfter } from './retry-after.ts'

const NOW = new Date('2025-03-24T15:00:00Z')

test.each([
  ['0', 0],
  ['7', 7_000],
  [' 7 ', 7_000],
  ['1.5', 1_500],
  ['99999', 3_600_000],
  ['Infinity', undefined],
  ['Mon, 24 Mar 2025 15:00:30 GMT', 30_000],
  ['Mon, 24 Mar 2025 19:00:00 GMT', 3_600_000],
  ['Mon, 24 Mar 2025 14:00:00 GMT', undefined],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
  [['7'], undefined],
])('%j is %s ms', (header, expected) => {
  expect(readRetryAfter(header, NOW)).toBe(expected)
})
