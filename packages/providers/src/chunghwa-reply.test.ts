import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readReplyRows } from './chunghwa-reply.ts'

const ROW = { to: '0912345678', code: '0', third: 'H45FB24C', description: 'Success' }

test.each([
  [
    'as captured',
    '<html>\n<header>\n</header>\n<body>\n0912345678|0|H45FB24C|Success<br>\n</body>\n</html>\n',
  ],
  ['as in the manual', '<html><body> 0912345678 | 0 | H45FB24C | Success </body></html>'],
  ['with CRLF', '<body>\r\n0912345678|0|H45FB24C|Success<br>\r\n</body>'],
  ['in upper case', '<HTML><BODY>0912345678|0|H45FB24C|Success<BR></BODY></HTML>'],
  ['as XHTML', '<body class="a">0912345678|0|H45FB24C|Success<br/><br /></body>'],
])('reads a reply %s', (_, page) => {
  expect(readReplyRows(Buffer.from(page))).toEqual([ROW])
})

test('reads several recipients', () => {
  const page = '<body>0912345678|0|H45FB24C|Success<br>0933444555|43|Vacant number<br></body>'
  expect(readReplyRows(Buffer.from(page))).toEqual([
    ROW,
    { to: '0933444555', code: '43', description: 'Vacant number' },
  ])
})

test.each([
  ['22|Password error', { code: '22', description: 'Password error' }],
  ['-1 | System error (a|b)', { code: '-1', description: 'System error (a|b)' }],
  [
    '41|Forbidden message is found(\\d{10})',
    { code: '41', description: 'Forbidden message is found(\\d{10})' },
  ],
])('%s is about the whole request', (line, row) => {
  expect(readReplyRows(Buffer.from(`<body>${line}</body>`))).toEqual([row])
})

test('Big5 is read where it is not UTF-8', () => {
  // 密碼錯誤
  const words = Buffer.from('b14bbd58bff9bb7e', 'hex')
  const page = Buffer.concat([Buffer.from('<body>22|'), words, Buffer.from('<br></body>')])
  expect(readReplyRows(page)).toEqual([{ code: '22', description: '密碼錯誤' }])
  expect(readReplyRows(Buffer.from('<body>22|密碼錯誤</body>'))).toEqual([
    { code: '22', description: '密碼錯誤' },
  ])
})

test.each([
  '',
  '<body></body>',
  '<body>\n</body>',
  '<body>OK</body>',
  '<body>0</body>',
  '<body>0912345678|ok|H1|Success</body>',
  '<body>0912345678|0|H1|Success<br><h1>error</h1></body>',
  '0912345678|0|H1|Success',
])('%j is not a reply', (page) => {
  expect(readReplyRows(Buffer.from(page))).toBe(undefined)
})

test('never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      readReplyRows(Buffer.concat([Buffer.from('<body>'), bytes, Buffer.from('</body>')]))
    }),
  )
})
