import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { restoreCell, toCsvRow } from './csv-row.ts'

describe('a line of CSV', () => {
  test.each<[string, Parameters<typeof toCsvRow>[0], string]>([
    ['plain cells', ['a', 1, true, null, ''], 'a,1,true,,'],
    ['a comma', ['a,b', 'c'], '"a,b",c'],
    ['a quote', ['say "hi"'], '"say ""hi"""'],
    ['lines', ['a\nb', 'c\r\nd'], '"a\nb","c\r\nd"'],
    ['Chinese', ['您的瓦斯已出貨'], '您的瓦斯已出貨'],
  ])('%s', (_what, cells, line) => {
    expect(toCsvRow(cells)).toBe(`${line}\r\n`)
  })

  test.each([
    ['=1+1', "'=1+1"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['+cmd|calc', "'+cmd|calc"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['  =1', "'  =1"],
    ['＝1+1', "'＝1+1"],
    ['＠SUM(A1)', "'＠SUM(A1)"],
  ])('%j is no formula in a spreadsheet', (text, cell) => {
    expect(toCsvRow([text])).toBe(`${cell}\r\n`)
  })

  test.each(['+886912345678', '-5', '+1.25', '2026-03-01', 'a=b', "'quoted"])(
    '%s stays as it is',
    (text) => {
      expect(toCsvRow([text])).toBe(`${text}\r\n`)
    },
  )
})

describe('a cell that is read again', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '＝', ' ', '\t', '\r', '1', 'a') }),
  )
  /** Of a line of one cell. */
  const read = (line: string) => {
    const cell = line.slice(0, -2)
    return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
  }

  test('is what was written, whatever that was', () => {
    fc.assert(
      fc.property(anything, (text) => {
        fc.pre(!text.startsWith('"'))
        expect(restoreCell(read(toCsvRow([text])))).toBe(text)
      }),
    )
  })

  test('never begins as a formula does, unless it is a plain number', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const cell = read(toCsvRow([text]))
        fc.pre(!/^[+-]?\d+$/.test(cell))
        expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/)
      }),
    )
  })
})
