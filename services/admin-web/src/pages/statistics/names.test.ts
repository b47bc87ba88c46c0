import { describe, expect, test } from '@jest/globals'
import type { StatBy } from './filters.ts'
import { labelOfGroup, nameOfGroup } from './names.ts'
import type { StatRow } from './series.ts'

const ROW = {
  total: 1,
  sent: 1,
  delivered: 1,
  failed: 0,
  success_rate: 1,
  segments: 1,
  cost: { amount: '1', currency: 'TWD' },
  delivery_seconds: null,
}
const format = {
  day: (at: string | Date) => `day ${String(at)}`,
  monthDay: (at: string | Date) => `short ${String(at)}`,
  dayAndHour: (at: string | Date) => `hour ${String(at)}`,
}
const CLIENTS = new Map([
  ['c1', 'shop'],
  ['c2', 'billing'],
])
const read = (by: StatBy, group: StatRow['group'], clients = CLIENTS) =>
  nameOfGroup({ ...ROW, group }, by, { format, none: '(none)', clients })

describe('the name of a group', () => {
  test.each([
    // Noon, so that it is this day in every zone of a reader.
    ['day', { day: '2026-01-31' }, 'day 2026-01-31T12:00:00'],
    ['hour', { hour: '2026-01-31T07:00:00Z' }, 'hour 2026-01-31T07:00:00Z'],
    ['provider', { provider: 'twilio' }, 'twilio'],
    ['provider', { provider: null }, '(none)'],
    ['variant', { template_code: 'welcome', variant: 'A' }, 'welcome · A'],
    ['variant', { template_code: null, variant: null }, '(none) · (none)'],
    ['customer', { client_id: 'c2', customer_id: 'C7' }, 'C7 · billing'],
    ['customer', { client_id: 'c2', customer_id: null }, '(none) · billing'],
  ] as const)('by %s of %p is %p', (by, group, name) => {
    expect(read(by, group)).toBe(name)
  })

  test('leaves out the client where there is one alone', () => {
    const one = new Map([['c1', 'shop']])
    expect(read('customer', { client_id: 'c1', customer_id: 'C7' }, one)).toBe('C7')
  })

  test('is short on an axis', () => {
    const row = { ...ROW, group: { day: '2026-01-31' } }
    const options = { format, none: '', clients: CLIENTS }
    expect(labelOfGroup(row, 'day', options)).toBe('short 2026-01-31T12:00:00')
  })
})
