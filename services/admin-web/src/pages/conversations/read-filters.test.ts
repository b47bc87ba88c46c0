import { expect, test } from '@jest/globals'
import { readFilters } from './read-filters.ts'

test('what the gateway would refuse is no filter, and the tab is none', () => {
  const params =
    'tab=texts&keyword=stop&start_date=2026-11-01&end_date=yesterday&customer_id=%20C-1'
  expect(readFilters(new URLSearchParams(params))).toEqual({
    keyword: 'stop',
    start_date: '2026-11-01',
    customer_id: 'C-1',
  })
  expect(readFilters(new URLSearchParams('keyword=maybe&phone=0912345678'))).toEqual({})
})
