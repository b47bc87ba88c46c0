import { expect, test } from '@jest/globals'
import { type Arm, intervalOf, positionOf, toScale } from './whiskers.ts'

const rate = (share: number | null, low: number, high: number) => ({ count: 1, share, low, high })
const arm: Arm = {
  variant: 'A',
  weight: 50,
  messages: 10,
  cost: { amount: '5.00', currency: 'TWD' },
  people: 10,
  settled: 10,
  delivered: rate(0.9, 0.8, 0.95),
  failed: rate(0.1, 0.05, 0.2),
  opted_out: rate(0.25, 0.125, 0.5),
  replied: rate(null, 0, 1),
}

test('more is better: opt-outs are turned round', () => {
  expect(intervalOf(arm, 'delivered')).toMatchObject({ share: 0.9, low: 0.8, high: 0.95 })
  expect(intervalOf(arm, 'no-opt-out')).toEqual({ share: 0.75, low: 0.5, high: 0.875 })
  expect(intervalOf(arm, 'reply')).toMatchObject({ share: null })
})

test.each([
  ['all of it while nothing is known', [rate(null, 0, 1)], [0, 0.25, 0.5, 0.75, 1]],
  ['round shares about the whiskers', [rate(0.9, 0.83, 0.95)], [0.8, 0.85, 0.9, 0.95]],
  ['never over everybody', [rate(1, 0.62, 1)], [0.6, 0.7, 0.8, 0.9, 1]],
  ['a narrow test closely', [rate(0.951, 0.95, 0.953)], [0.95, 0.951, 0.952, 0.953]],
  ['a point as a step', [rate(0.5, 0.5, 0.5)], [0.5, 0.501]],
])('the scale shows %s', (_, intervals, ticks) => {
  expect(toScale(intervals).ticks).toEqual(ticks)
})

test('a share lies where it stands between the ends', () => {
  const scale = { from: 0.8, to: 1, ticks: [] }
  expect(positionOf(0.9, scale)).toBeCloseTo(0.5)
  expect(positionOf(0.7, scale)).toBe(0)
  expect(positionOf(1.2, scale)).toBe(1)
})
