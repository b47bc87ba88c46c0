import { describe, expect, test } from '@jest/globals'
import type { Reject } from '@sms-gateway/db/campaign-loading'
import type { SourceRow } from './check-recipient.ts'
import { readCsvRows } from './csv-rows.ts'
import { createEncodingProbe, decodeTexts } from './file-encoding.ts'

async function readAll(
  bytes: Buffer,
  columnMap: Record<string, string> = {},
  pieceBytes = 7,
): Promise<(SourceRow | Reject)[]> {
  const probe = createEncodingProbe()
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    pieces.push(bytes.subarray(at, at + pieceBytes))
  }
  for (const piece of pieces) probe.push(piece)
  const rows: (SourceRow | Reject)[] = []
  const texts = decodeTexts(toAsync(pieces), probe.encoding())
  for await (const some of readCsvRows(texts, columnMap)) rows.push(...some)
  return rows
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  await Promise.resolve()
  yield* items
}

const utf8 = (text: string) => Buffer.from(text, 'utf8')
const ok = (row: number, phone: string, data = {}, customerId: string | null = null) => ({
  row,
  phone,
  customerId,
  data,
})
// 葉小姐 and 碁: the second is one of the seven that only Windows has in its Big5.
const BIG5_NAMES = Buffer.concat([Buffer.from('b8ada470a96a', 'hex'), Buffer.from('f9d6', 'hex')])

describe('encodings', () => {
  test.each<[string, Buffer]>([
    ['UTF-8', utf8('phone,name\n0912345678,葉小姐碁\n')],
    ['UTF-8 with a mark', utf8('\ufeffphone,name\n0912345678,葉小姐碁\n')],
    [
      'UTF-16, as Excel calls Unicode',
      Buffer.from('\ufeffphone\tname\n0912345678\t葉小姐碁\n', 'utf16le'),
    ],
    ['Big5', Buffer.concat([utf8('phone,name\n0912345678,'), BIG5_NAMES, utf8('\n')])],
  ])('%s', async (_title, bytes) => {
    expect(await readAll(bytes)).toEqual([ok(2, '0912345678', { name: '葉小姐碁' })])
  })

  test('a header in Big5', async () => {
    const bytes = Buffer.concat([
      Buffer.from('a4e2beF7'.toLowerCase(), 'hex'),
      utf8('\n0912345678\n'),
    ])
    expect(await readAll(bytes)).toEqual([ok(2, '0912345678')])
  })

  test('a row with a byte that is no character is bad, the others are not', async () => {
    const bytes = Buffer.concat([
      utf8('phone,name\n0912345678,'),
      Buffer.from('ff', 'hex'),
      utf8('\n0912345679,x\n'),
    ])
    expect(await readAll(bytes)).toEqual([
      { row: 2, code: 'row-malformed', detail: expect.stringContaining('cannot be read') },
      ok(3, '0912345679', { name: 'x' }),
    ])
  })
})

describe('what spreadsheets do to numbers', () => {
  test.each([
    ["'0912345678", '0912345678'],
    ['="0912345678"', '0912345678'],
    ['"=""0912345678"""', '0912345678'],
    ['912345678', '0912345678'],
    ['912345678.0', '0912345678'],
    [' 0912-345-678 ', '0912-345-678'],
    ['886912345678', '886912345678'],
    ['+886912345678', '+886912345678'],
    ["'+886912345678", '+886912345678'],
  ])('%s', async (written, phone) => {
    expect(await readAll(utf8(`phone\n${written}\n`))).toEqual([ok(2, phone)])
  })

  test.each(['8.86912E+11', '9.12346e+08', '8,86912E+11', '9E8'])(
    '%s is rounded',
    async (written) => {
      expect(await readAll(utf8(`phone;x\n${written};1\n`))).toEqual([
        { row: 2, code: 'phone-invalid', detail: expect.stringContaining('rounded') },
      ])
    },
  )
})

describe('columns', () => {
  const rows = (text: string, map?: Record<string, string>) => readAll(utf8(text), map)

  test.each(['phone', 'Phone', 'Phone Number', 'mobile', '手機', '手機號碼', '電話', ' phone '])(
    'knows %j for the number',
    async (header) => {
      expect(await rows(`name,${header}\nx,0912345678`)).toEqual([
        ok(2, '0912345678', { name: 'x' }),
      ])
    },
  )

  test.each([
    { phone: '聯絡', order_id: '訂單', customer_id: '客戶' },
    { 聯絡: 'phone', 訂單: 'order_id', 客戶: 'customer_id' },
  ])('maps headers: %j', async (map) => {
    expect(await rows('訂單,聯絡,客戶\nA1,0912345678,C9', map)).toEqual([
      ok(2, '0912345678', { order_id: 'A1' }, 'C9'),
    ])
  })

  test('a mapped column wins over one that bears the name', async () => {
    expect(await rows('phone,mobile\n02-1,0912345678', { phone: 'mobile' })).toEqual([
      ok(2, '0912345678'),
    ])
  })

  test.each<[string, Record<string, string>, string[]]>([
    ['name\nx', {}, ['phone']],
    ['phone\nx', { order_id: '訂單' }, ['訂單']],
  ])('%j lacks a column', async (text, map, columns) => {
    await expect(rows(text, map)).rejects.toMatchObject({ name: 'ColumnsMissingError', columns })
  })

  test('rows with too many values are bad, with too few they are as if those were empty', async () => {
    expect(await rows('phone,a\n0912345678,1,2\n0912345679\n0912345670,3,,\n')).toEqual([
      { row: 2, code: 'row-malformed', detail: expect.stringContaining('3 values for 2 columns') },
      ok(3, '0912345679'),
      ok(4, '0912345670', { a: '3' }),
    ])
  })

  test('a value may have line breaks and quotes', async () => {
    expect(await rows('phone,note\r\n0912345678,"一\r\n""二"""\r\n')).toEqual([
      ok(2, '0912345678', { note: '一\n"二"' }),
    ])
  })
})
