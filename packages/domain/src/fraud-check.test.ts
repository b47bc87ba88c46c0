import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { findFraudSign, listNeighbours, nextRun, prefixOf } from './fraud-check.ts'

const USUAL = { number: 1, prefix: 1, client: 1, run: 1 }

describe('findFraudSign', () => {
  const limits = {
    number: { count: 3, minutes: 10 },
    prefix: { count: 5, minutes: 10 },
    client: { count: 9, minutes: 1 },
    sequence: { count: 4 },
  }
  test.each([
    ['as usual', {}, undefined],
    ['at each limit', { number: 3, prefix: 5, client: 9, run: 3 }, undefined],
    ['a number too often', { number: 4, prefix: 9 }, 'number'],
    ['a block too often', { prefix: 6 }, 'prefix'],
    ['a client too often', { client: 10 }, 'client'],
    ['a row of numbers', { run: 4 }, 'sequence'],
  ])('%s', (_, counts, sign) => {
    expect(findFraudSign({ ...USUAL, ...counts }, limits)).toBe(sign)
  })

  test('finds nothing where nothing is limited', () => {
    const many = fc.nat()
    const counts = fc.record({ number: many, prefix: many, client: many, run: many })
    fc.assert(fc.property(counts, (each) => findFraudSign(each, {}) === undefined))
  })
})

describe('a row of numbers', () => {
  test('goes on over gaps, and ends with the block', () => {
    expect(listNeighbours('+886912340003')).toEqual([
      '+886912340002',
      '+886912340001',
      '+886912340000',
    ])
    expect(listNeighbours('+886912340000')).toEqual([])
  })

  test('every neighbour is of the block, as long, and below', () => {
    const phones = fc
      .integer({ min: 0, max: 99_999_999 })
      .map((tail) => `+8869${String(tail).padStart(8, '0')}`)
    fc.assert(
      fc.property(phones, (phone) => {
        for (const each of listNeighbours(phone)) {
          expect([prefixOf(each), each.length]).toEqual([prefixOf(phone), phone.length])
          expect(each < phone).toBe(true)
        }
      }),
    )
  })

  test('grows by its numbers, and by no repeat of one', () => {
    expect(nextRun(undefined, [])).toBe(1)
    expect(nextRun(undefined, [1, 4, 2])).toBe(5)
    expect(nextRun(5, [4])).toBe(5)
  })
})
