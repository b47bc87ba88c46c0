import { expect, test } from '@jest/globals'
import { knownColumn } from './known-columns.ts'

test.each([
  ['phone', 'phone'],
  ['Phone Number', 'phone'],
  ['mobile-phone', 'phone'],
  ['手機號碼', 'phone'],
  ['Customer_ID', 'customer_id'],
  ['客戶編號', 'customer_id'],
  ['name', undefined],
  ['', undefined],
])('%j is %s', (header, expected) => {
  expect(knownColumn(header)).toBe(expected)
})
