import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import {
  addEncoded,
  addToSketch,
  delayBucketOf,
  delayQuantile,
  encodeSketch,
} from './delay-sketch.ts'

const MAX_ERROR = 0.02
/** From a millisecond to half a year. */
const delay = fc.oneof(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 2 ** 34 }))
const delays = fc.array(delay, { minLength: 1, maxLength: 200 })

function sketchOf(values: readonly number[]): Map<number, number> {
  const sketch = new Map<number, number>()
  addToSketch(
    sketch,
    values.map((value): [number, number] => [delayBucketOf(value), 1]),
  )
  return sketch
}

function merge(...sketches: ReadonlyMap<number, number>[]): Map<number, number> {
  const merged = new Map<number, number>()
  for (const sketch of sketches) addToSketch(merged, sketch)
  return merged
}

describe('a quantile', () => {
  property.prop([delays, fc.double({ min: 0, max: 1, noNaN: true })])(
    'is at most two in a hundred from the true one',
    (values, q) => {
      const sorted = values.toSorted((a, b) => a - b)
      const truth = sorted[Math.max(1, Math.ceil(q * values.length)) - 1] ?? Number.NaN
      const found = delayQuantile(sketchOf(values), q) ?? Number.NaN
      expect(Math.abs(found - truth) / truth).toBeLessThanOrEqual(MAX_ERROR)
    },
  )

  property.prop([delays])('is never less for a greater share', (values) => {
    const sketch = sketchOf(values)
    const quantiles = [0, 0.1, 0.5, 0.95, 1].map((q) => delayQuantile(sketch, q) ?? Number.NaN)
    expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b))
  })

  test('of nothing is nothing', () => {
    expect(delayQuantile(new Map(), 0.5)).toBeNull()
    expect(delayQuantile(new Map([[3, -1]]), 0.5)).toBeNull()
  })

  test.each([0, -5, 0.3])('of %d ms is that of a millisecond', (value) => {
    expect(delayBucketOf(value)).toBe(delayBucketOf(1))
  })
})

describe('sketches', () => {
  property.prop([delays, delays])('of two halves make that of the whole', (a, b) => {
    expect(merge(sketchOf(a), sketchOf(b))).toEqual(sketchOf([...a, ...b]))
  })

  property.prop([delays, delays])('come to the same in any order', (a, b) => {
    const one = merge(sketchOf(a), sketchOf(b))
    const other = merge(sketchOf(b), sketchOf(a))
    expect(encodeSketch(one).equals(encodeSketch(other))).toBe(true)
  })

  property.prop([delays, delays])('give back what was added, also ahead of time', (a, b) => {
    const taken = new Map([...sketchOf(b)].map(([bucket, count]) => [bucket, -count]))
    const early = new Map<number, number>()
    addEncoded(early, encodeSketch(merge(sketchOf(a), taken)))
    expect(merge(early, sketchOf(b))).toEqual(sketchOf(a))
  })

  property.prop([fc.array(delays, { maxLength: 4 })])(
    'written one after the other read as their sum',
    (parts) => {
      const bytes = Buffer.concat(parts.map((part) => encodeSketch(sketchOf(part))))
      const read = new Map<number, number>()
      addEncoded(read, bytes)
      expect(read).toEqual(sketchOf(parts.flat()))
    },
  )

  test('of a busy hour fit into a few hundred bytes', () => {
    const values = Array.from({ length: 10_000 }, (_, index) => 500 + ((index * 7_919) % 60_000))
    expect(encodeSketch(sketchOf(values)).length).toBeLessThan(400)
  })

  test('that are cut short are not read', () => {
    const bytes = encodeSketch(sketchOf([500, 70_000]))
    expect(() => {
      addEncoded(new Map(), bytes.subarray(0, -1))
    }).toThrow('ends in the middle')
  })
})
