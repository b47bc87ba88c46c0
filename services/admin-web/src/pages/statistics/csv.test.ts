import { expect, test } from '@jest/globals'
import { toCsv } from './csv.ts'

test('writes what every spreadsheet reads as it was', () => {
  const csv = toCsv(
    ['日', 'Cost'],
    [
      ['2026-01-31', '8.400'],
      ['a "b", c', null],
      ['two\nlines', -1],
    ],
  )
  expect(csv).toBe('\uFEFF日,Cost\r\n2026-01-31,8.400\r\n"a ""b"", c",\r\n"two\nlines",-1\r\n')
})

test.each(['=1+1', '+A1', '-x', '@sum', '\tx', ' =1', '＝1+1'])('writes %p as text', (text) => {
  expect(toCsv(['h'], [[text]])).toContain(`'${text}`)
})
