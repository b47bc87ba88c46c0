import { fc, test as property } from '@fast-check/jest'
import { expect, test } from '@jest/globals'
import { toPace } from './pace.ts'

test.each([{ perSecond: 0 }, { perMinute: 0 }])('%j is no limit', (limit) => {
  expect(toPace(limit)).toBeUndefined()
})

test.each([{ perSecond: -1 }, { perMinute: NaN }, { perSecond: Infinity }])(
  '%j is refused',
  (limit) => {
    expect(() => toPace(limit)).toThrow('a limit cannot be')
  },
)

test.each([
  { limit: { perMinute: 60 }, intervalMs: 1_000, permitsPerLease: 1 },
  { limit: { perMinute: 120 }, intervalMs: 500, permitsPerLease: 1 },
  { limit: { perSecond: 10 }, intervalMs: 100, permitsPerLease: 1 },
  { limit: { perSecond: 1 }, intervalMs: 1_000, permitsPerLease: 1 },
  { limit: { perMinute: 0.5 }, intervalMs: 120_000, permitsPerLease: 1 },
])('$limit is one permit every $intervalMs ms', ({ limit, ...expected }) => {
  expect(toPace(limit)).toMatchObject(expected)
})

const anyLimit = fc.oneof(
  fc.record({ perSecond: fc.integer({ min: 1, max: 3_000 }) }),
  fc.record({ perMinute: fc.integer({ min: 1, max: 100_000 }) }),
)

property.prop([anyLimit])('leaves room for the spread, and uses most of the limit', (limit) => {
  const { intervalMs, leaseMs, permitsPerLease, spreadMs } = toPace(limit)!
  const [count, windowMs] =
    'perSecond' in limit ? [limit.perSecond, 1_000] : [limit.perMinute, 60_000]

  expect(Number.isInteger(leaseMs)).toBe(true)
  expect(permitsPerLease * intervalMs).toBeCloseTo(leaseMs, 6)
  // The first of a window comes as late as it may, the last as early.
  expect((windowMs + spreadMs) / intervalMs).toBeLessThanOrEqual(count + 1 + 1e-9)
  if ('perMinute' in limit) {
    expect((1_000 + spreadMs) / intervalMs).toBeLessThanOrEqual(count / 60 + 1 + 1e-9)
  }
  expect(windowMs / intervalMs).toBeGreaterThan(0.85 * count)
})
