import { describe, expect, test } from '@jest/globals'
import { checkText, isBlank, warnings } from './text-rules.ts'

describe('checkText', () => {
  test.each(['', ' ', '\n\t', '\u3000'])('refuses %j as empty', (text) => {
    expect(checkText(text)).toMatchObject({ kind: 'refused', code: 'text-empty' })
  })

  test.each([
    { name: '1530 Latin', text: 'a'.repeat(1530), kind: 'ok' },
    { name: '1531 Latin', text: 'a'.repeat(1531), kind: 'refused' },
    { name: '670 Chinese', text: '中'.repeat(670), kind: 'ok' },
    { name: '671 Chinese', text: '中'.repeat(671), kind: 'refused' },
  ])('$name characters: $kind', ({ text, kind }) => {
    expect(checkText(text).kind).toBe(kind)
  })

  test('says how many segments are too many', () => {
    expect(checkText('中'.repeat(671))).toEqual({
      kind: 'refused',
      code: 'text-too-long',
      detail: 'The text takes 11 segments in UCS-2, at most 10 are sent: shorten it.',
    })
  })
})

function codesOf(text: string, registeredUrls: string[] = []): string[] {
  return warnings(text, { registeredUrls }).map(({ code }) => code)
}

test.each([
  '【幸福氣】您的瓦斯已送達。',
  '驗證碼 012345，5 分鐘內有效',
  '您的訂單 20241118-01 將於 08:00-21:00 送達',
  '帳單 NT$1,234,567 於 2025-01-15 10:30 到期',
  'Thanks.How? See you. v1.2 ok, No.10',
  '請寄信至 service@luckygas.tw',
])('no warning for %j', (text) => {
  expect(codesOf(text)).toEqual([])
})

describe('ten digits in a row', () => {
  test.each(['帳號 1234567890', '12345678901234', '１２３４５６７８９０'])('%j warns', (text) => {
    expect(codesOf(text)).toEqual(['ten-digits'])
  })

  test('nine do not, nor ten with a dash inside', () => {
    expect(codesOf('帳號 123456789 或 1234-567890')).toEqual([])
  })

  test('a number written together is warned of twice over', () => {
    expect(codesOf('請電 0912345678')).toEqual(['ten-digits', 'unregistered-number'])
  })
})

describe('links', () => {
  test.each([
    '付款 https://luckygas.tw/pay',
    '付款 HTTP://LuckyGas.tw',
    '付款www.luckygas.tw謝謝',
    '付款luckygas.tw謝謝',
    '付款 luckygas.com.tw:8443/pay',
    '付款 bit.ly/abc',
    '付款 example.museum/x',
    '付款 https://例子.tw/pay',
    '付款 ｌｕｃｋｙｇａｓ．ｔｗ',
    '付款 https://',
  ])('%j has one that is not registered', (text) => {
    expect(codesOf(text)).toEqual(['unregistered-link'])
  })

  const registered = ['https://luckygas.tw/pay', 'go.luckygas.tw']
  test.each([
    '付款 https://luckygas.tw/pay。',
    '付款 http://LUCKYGAS.tw/pay/',
    '付款 (luckygas.tw/pay).',
    '付款 luckygas.tw/pay?id=1 或 luckygas.tw/pay/x#y',
    '付款 go.luckygas.tw 或 https://go.luckygas.tw/0912345678x',
  ])('%j is covered by a registered one', (text) => {
    expect(codesOf(text, registered).filter((code) => code !== 'ten-digits')).toEqual([])
  })

  test.each([
    'https://luckygas.tw',
    'https://luckygas.tw/payment',
    'https://luckygas.tw/pay/../login',
    'https://luckygas.tw.evil.com/pay',
    'https://luckygas.tw@evil.com/pay',
    'https://www.luckygas.tw/pay',
    'https://luckygas.tw:8443/pay',
    'https://luckygas.tw/pay https://evil.com',
  ])('%j is not', (text) => {
    expect(codesOf(text, registered)).toEqual(['unregistered-link'])
  })
})

describe('phone numbers', () => {
  test.each([
    '請電 0912-345-678',
    '請電(02)2345-6789謝謝',
    '請電 02-2345-6789',
    '請電 0800-123-456',
    '請電 037-123456',
    '請電 +886 2 2345 6789',
    '請電 +1 415 555 2671',
    '請電 ０９１２－３４５－６７８',
  ])('%j has one that is not registered', (text) => {
    expect(codesOf(text)).toEqual(['unregistered-number'])
  })

  test('a registered one is known however it is written', () => {
    const registered = ['02-2345-6789', 'https://luckygas.tw']
    expect(codesOf('請電 (02) 2345 6789', registered)).toEqual([])
    expect(codesOf('請電 +886-2-2345-6789', registered)).toEqual([])
    expect(codesOf('請電 02-2345-6780', registered)).toEqual(['unregistered-number'])
  })
})

test('a detail repeats nothing of the text', () => {
  const details = warnings('0912345678 https://secret.example/x', { registeredUrls: [] })
  expect(details).toHaveLength(3)
  expect(JSON.stringify(details)).not.toMatch(/0912|secret/)
})

test.each([
  'a.'.repeat(50_000),
  'a'.repeat(100_000),
  'a-'.repeat(50_000),
  '0 '.repeat(50_000),
  '02('.repeat(30_000),
  '+1'.repeat(50_000),
  'www.'.repeat(25_000),
  `http://${'a.'.repeat(50_000)}`,
  `http://a${'.'.repeat(100_000)}a`,
  `https://luckygas.tw/${')'.repeat(100_000)}a`,
])('a hostile text takes no long time', (text) => {
  // Of this process's own work: however busy the machine is with others, a search that turns back takes far more.
  const before = process.cpuUsage()
  warnings(text, { registeredUrls: ['https://luckygas.tw'] })
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000)
})

test.each(['', ' \n\t', '\u3000', '\u200b\u200d\ufeff', '\u202e\u2069', '\ufe0f', '\u0007'])(
  'whoever gets %j sees nothing',
  (text) => {
    expect(isBlank(text)).toBe(true)
    expect(checkText(text)).toMatchObject({ kind: 'refused', code: 'text-empty' })
  },
)

test.each(['.', 'a\u200b', '👨‍👩‍👧', '\u0301'])('whoever gets %j sees something', (text) => {
  expect(isBlank(text)).toBe(false)
})
