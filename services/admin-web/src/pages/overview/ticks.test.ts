import { expect, test } from '@jest/globals'
import { listTicks } from './ticks.ts'

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 2, 4, 6, 8]],
  [143, [0, 50, 100, 150]],
  [1_000, [0, 500, 1_000]],
  [6_001, [0, 2_000, 4_000, 6_000, 8_000]],
])('up to %i: %j', (max, ticks) => {
  expect(listTicks(max)).toEqual(ticks)
})
