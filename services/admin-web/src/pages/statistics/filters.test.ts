import { describe, expect, test } from '@jest/globals'
import { readFilters } from './filters.ts'

const TODAY = '2026-03-31'
const read = (query: string) => readFilters(new URLSearchParams(query), TODAY)

describe('the filters of the statistics', () => {
  test('are the last 30 days by day where the URL says nothing, or nonsense', () => {
    const usual = {
      by: 'day',
      measure: 'messages',
      from: '2026-03-02',
      to: TODAY,
      isInOrder: true,
    }
    expect(read('')).toEqual(usual)
    expect(read('by=moon&show=luck&from=x&to=2026-02-30')).toEqual(usual)
  })

  test('are what the URL says', () => {
    expect(read('by=customer&show=cost&from=2026-01-01&to=2026-01-31')).toEqual({
      by: 'customer',
      measure: 'cost',
      from: '2026-01-01',
      to: '2026-01-31',
      isInOrder: true,
    })
  })

  test('show hours of today alone', () => {
    expect(read('by=hour')).toMatchObject({ from: TODAY, to: TODAY })
  })

  test('keep one date that is outside of the usual ones in order', () => {
    expect(read('to=2025-05-01')).toMatchObject({ from: '2025-05-01', to: '2025-05-01' })
    expect(read('from=2027-01-01')).toMatchObject({ from: '2027-01-01', to: '2027-01-01' })
  })

  test('say when the dates are the wrong way round', () => {
    expect(read('from=2026-03-10&to=2026-03-09').isInOrder).toBe(false)
  })
})
