import { expect, test } from '@jest/globals'
import { measurePace, type Pace, secondsLeft } from './campaign-progress.ts'

const START = new Date('2026-03-02T01:00:00Z')
const after = (seconds: number) => new Date(START.getTime() + seconds * 1_000)

function measureAll(samples: readonly [number, number][]): Pace | null {
  return samples.reduce<Pace | null>(
    (pace, [seconds, done]) => measurePace(pace, done, after(seconds)),
    null,
  )
}

test.each<[string, [number, number][], number | null]>([
  ['nothing from one measurement', [[0, 0]], null],
  [
    'the pace of the first span',
    [
      [0, 0],
      [10, 500],
    ],
    50,
  ],
  [
    'nothing from a span that is too short',
    [
      [0, 0],
      [1, 500],
    ],
    null,
  ],
  [
    'the same where it goes on as it did',
    [
      [0, 0],
      [10, 500],
      [20, 1000],
    ],
    50,
  ],
  [
    'nothing where the count begins anew, as with the next run',
    [
      [0, 900],
      [10, 5],
    ],
    null,
  ],
])('%s', (_title, samples, expected) => {
  expect(measureAll(samples)?.perSecond ?? null).toEqual(expected)
})

test('a change is followed in about a minute', () => {
  const slowed =
    measureAll([
      [0, 0],
      [10, 1_000],
      [70, 1_060],
    ])?.perSecond ?? 0
  expect(slowed).toBeGreaterThan(1)
  expect(slowed).toBeLessThan(50)
})

test.each([
  [{ perSecond: 50, done: 0, at: START }, 100, 2],
  [{ perSecond: 50, done: 0, at: START }, 0, 0],
  [{ perSecond: 0, done: 0, at: START }, 100, null],
  [{ perSecond: null, done: 0, at: START }, 100, null],
  [null, 100, null],
])('%j with %s left: %s s', (pace, left, expected) => {
  expect(secondsLeft(pace, left)).toBe(expected)
})
