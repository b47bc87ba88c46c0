import { expect, test } from '@jest/globals'
import { createAddressList } from './address-list.ts'

const isListed = createAddressList(['192.0.2.7', '198.51.100.0/24', '2001:db8::/32', '::1'])

test.each([
  ['192.0.2.7', true],
  ['192.0.2.8', false],
  ['198.51.100.255', true],
  ['198.51.101.0', false],
  ['::ffff:192.0.2.7', true],
  ['::ffff:198.51.100.1', true],
  ['::ffff:192.0.2.8', false],
  ['2001:db8:ffff::1', true],
  ['2001:db9::1', false],
  ['::1', true],
  ['::1%lo', true],
  ['', false],
  ['not an address', false],
  ['192.0.2.7, 10.0.0.1', false],
])('%s is listed: %s', (address, expected) => {
  expect(isListed(address)).toBe(expected)
})

test('a list of everything has everything of its family', () => {
  const ofIPv4 = createAddressList(['0.0.0.0/0'])
  expect([ofIPv4('203.0.113.9'), ofIPv4('2001:db8::1')]).toEqual([true, false])
})
