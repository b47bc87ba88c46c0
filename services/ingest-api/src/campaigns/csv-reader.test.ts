import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createCsvReader, type CsvRecord } from './csv-reader.ts'

function read(text: string, pieces = [text]): CsvRecord[] {
  const reader = createCsvReader()
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

function show(records: CsvRecord[]): unknown[] {
  return records.map((record) =>
    record.kind === 'fields'
      ? [record.row, ...record.fields]
      : [record.row, { [record.reason]: true }],
  )
}

describe('the CSV reader', () => {
  test.each<[string, string, unknown[]]>([
    [
      'lines of Unix',
      'a,b\n1,2\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'lines of Windows',
      'a,b\r\n1,2\r\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'lines of old Macs',
      'a,b\r1,2',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'no line break at the end',
      'a\n1',
      [
        [1, 'a'],
        [2, '1'],
      ],
    ],
    [
      'semicolons',
      'a;b\n1,5;2\n',
      [
        [1, 'a', 'b'],
        [2, '1,5', '2'],
      ],
    ],
    [
      'tabs',
      'a\tb\n1\t2\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'a delimiter that the file names',
      'sep=;\na;b\n1;2',
      [
        [2, 'a', 'b'],
        [3, '1', '2'],
      ],
    ],
    [
      'one column',
      'phone\n0912345678\n',
      [
        [1, 'phone'],
        [2, '0912345678'],
      ],
    ],
    [
      'quoted values',
      'a,b\n"1,5","say ""hi"""\n',
      [
        [1, 'a', 'b'],
        [2, '1,5', 'say "hi"'],
      ],
    ],
    [
      'a line break in quotes',
      'a,b\n"x\r\ny",2\n3,4',
      [
        [1, 'a', 'b'],
        [2, 'x\ny', '2'],
        [3, '3', '4'],
      ],
    ],
    [
      'a quote within a bare value',
      'a,b\n5" pipe,2\n',
      [
        [1, 'a', 'b'],
        [2, '5" pipe', '2'],
      ],
    ],
    [
      'blanks behind a closing quote',
      'a,b\n"1" ,2\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'delimiters in the quotes of the header',
      '"a;;;;",b\n1,2',
      [
        [1, 'a;;;;', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'empty lines, which count',
      'a\n\n1\n \n2',
      [
        [1, 'a'],
        [3, '1'],
        [5, '2'],
      ],
    ],
    [
      'empty values',
      'a,b\n,\n',
      [
        [1, 'a', 'b'],
        [2, '', ''],
      ],
    ],
    ['nothing', '', []],
  ])('reads %s', (_title, text, expected) => {
    expect(show(read(text))).toEqual(expected)
  })

  test.each<[string, string, unknown[]]>([
    [
      'a quote that nobody closes',
      'a,b\n1,"x\n3,4\n',
      [
        [2, { 'quote-not-closed': true }],
        [3, '3', '4'],
      ],
    ],
    [
      'one in the last row',
      'a,b\n3,4\n1,"x',
      [
        [2, '3', '4'],
        [3, { 'quote-not-closed': true }],
      ],
    ],
    [
      'text behind a closing quote',
      'a,b\n"x"y,2\n3,4\n',
      [
        [2, { 'quote-misplaced': true }],
        [3, '3', '4'],
      ],
    ],
    [
      'a row without an end',
      `a,b\n${'x'.repeat(20_000)}\n3,4`,
      [
        [2, { 'too-long': true }],
        [3, '3', '4'],
      ],
    ],
  ])('goes on after %s', (_title, text, expected) => {
    expect(show(read(text)).slice(1)).toEqual(expected)
  })

  test('a quote that nobody closes spoils its own row, not the thousands behind it', () => {
    const good = Array.from({ length: 5_000 }, (_, index) => `${index},x`).join('\n')
    const records = read(`a,b\n1,"x\n${good}\n`)
    expect(records.filter(({ kind }) => kind === 'broken')).toEqual([
      { kind: 'broken', row: 2, reason: 'quote-not-closed' },
    ])
    expect(records).toHaveLength(5_002)
    expect(records.at(-1)).toMatchObject({ row: 5_002, fields: ['4999', 'x'] })
  })

  test('keeps no more than a record of a file without line breaks', () => {
    const reader = createCsvReader()
    const records = Array.from({ length: 100 }, () => reader.push('x'.repeat(50_000))).flat()
    expect(records).toEqual([{ kind: 'broken', row: 1, reason: 'too-long' }])
  })

  test('reads the same however the text is cut', () => {
    const Value = fc.stringMatching(/^[ab",;\n 中]{0,6}$/)
    const Row = fc.array(Value, { minLength: 2, maxLength: 3 })
    fc.assert(
      fc.property(
        fc.array(Row, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(5), { minLength: 200, maxLength: 200 }),
        (rows, sizes) => {
          const text = `h1,h2,h3\r\n${rows.map((row) => row.map(quote).join(',')).join('\r\n')}\r\n`
          const pieces: string[] = []
          for (let at = 0; at < text.length;) {
            const size = 1 + (sizes[at % sizes.length] ?? 0)
            pieces.push(text.slice(at, at + size))
            at += size
          }
          const records = read(text, pieces).slice(1)
          expect(records).toEqual(read(text).slice(1))
          const wanted = rows.filter((row) => row.length > 1)
          expect(records.map((record) => record.kind === 'fields' && record.fields)).toEqual(wanted)
        },
      ),
    )
  })
})

function quote(value: string): string {
  return `"${value.replaceAll('"', '""')}"`
}
