import { expect, test } from '@jest/globals'
import { readFilters } from './read-filters.ts'

test('the URL gives the filters that the API knows, and nothing else', () => {
  const params = new URLSearchParams('status=failed&phone=0912345678&page=2&in_doubt=true')
  expect(readFilters(params)).toEqual({ status: 'failed', in_doubt: 'true' })
})
