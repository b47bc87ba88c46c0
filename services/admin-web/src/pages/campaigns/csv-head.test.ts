import { describe, expect, test } from '@jest/globals'
import { decodeHead, readHead } from './csv-head.ts'

const bytes = (...values: number[]) => new Uint8Array(values)
const utf8 = (text: string) => new TextEncoder().encode(text)

describe('the text of the first bytes', () => {
  test.each([
    ['UTF-8', utf8('手機,姓名'), '手機,姓名'],
    ['UTF-8 with its mark', bytes(0xef, 0xbb, 0xbf, 0x61), 'a'],
    ['UTF-8 that is cut within a character', utf8('a氣').slice(0, 3), 'a'],
    ['UTF-16 of a spreadsheet', bytes(0xff, 0xfe, 0x61, 0, 0x4b, 0x62), 'a手'],
    ['UTF-16, the other way round', bytes(0xfe, 0xff, 0, 0x61), 'a'],
    ['Big5', bytes(0xa4, 0xe2, 0xbe, 0xf7), '手機'],
  ])('is read as %s', (_, head, text) => {
    expect(decodeHead(head)).toBe(text)
  })
})

describe('the head', () => {
  test('has the headers without blanks about them, and at most five rows', () => {
    const lines = Array.from({ length: 20 }, (_, row) => `091200000${row},n${row}`)
    const head = readHead([' phone ,name', ...lines].join('\r\n'))
    expect(head?.headers).toEqual(['phone', 'name'])
    expect(head?.rows).toHaveLength(5)
    expect(head?.rows[0]).toEqual(['0912000000', 'n0'])
  })

  test.each([
    ['semicolons', 'phone;name\n1;a,b', ['1', 'a,b']],
    ['tabs', 'phone\tname\n1\ta', ['1', 'a']],
    [
      'quotes with a delimiter, a quote and a line break',
      'phone,name\n1,"a, ""b""\nc"',
      ['1', 'a, "b"\nc'],
    ],
    ['blank lines', 'phone,name\n\n \n1,a\n', ['1', 'a']],
    ['a quote that stays open', 'phone,name\n1,"a', ['1', 'a']],
  ])('reads %s', (_, text, row) => {
    expect(readHead(text)).toEqual({ headers: ['phone', 'name'], rows: [row] })
  })

  test.each(['', '\n\n', ' , ,\n1,2,3'])('is none without a header: %j', (text) => {
    if (text.includes('1')) expect(readHead(text)?.headers).toEqual(['1', '2', '3'])
    else expect(readHead(text)).toBeUndefined()
  })
})
