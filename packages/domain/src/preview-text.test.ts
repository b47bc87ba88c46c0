import { expect, test } from '@jest/globals'
import { previewText } from './preview-text.ts'

const rules = {
  companyName: '幸福氣',
  registeredUrls: ['https://luckygas.tw'],
  smartEncoding: false,
}

const codesOf = (text: string, change: Partial<typeof rules> = {}) =>
  previewText(text, { ...rules, ...change }).warnings.map(({ code }) => code)

test('shows a text as it goes out: with the identity once, its segments, and each price', () => {
  expect(previewText('您的訂單 A1', rules)).toEqual({
    text: '【幸福氣】您的訂單 A1',
    encoding: 'UCS-2',
    segments: 1,
    ucs2Characters: ['【', '幸', '福', '氣', '】', '您', '的', '訂', '單'],
    costMilli: { twilio: 500, chunghwa: 700 },
    warnings: [{ code: 'identity-added', detail: expect.stringContaining('【幸福氣】') }],
    smartEncoding: null,
  })
})

test('adds nothing to a text that bears the identity, wherever it stands', () => {
  const text = '您好 【幸福氣】'
  expect(previewText(text, rules)).toMatchObject({ text, warnings: [] })
})

test('counts and prices the segments of the whole', () => {
  const text = '氣'.repeat(70)
  expect(previewText(text, rules)).toMatchObject({
    segments: 2,
    costMilli: { twilio: 1_000, chunghwa: 1_400 },
  })
  expect(previewText(`【幸福氣】${'氣'.repeat(65)}`, rules)).toMatchObject({ segments: 1 })
})

test('names each character that forces UCS-2 once, emoji whole', () => {
  const { ucs2Characters } = previewText('【Lucky】 a👍b👍 €[]—', {
    ...rules,
    companyName: 'Lucky',
  })
  expect(ucs2Characters).toEqual(['【', '】', '👍', '—'])
})

test.each([
  ['ten digits', '【幸福氣】單號 1234567890', ['ten-digits']],
  ['a link that is not registered', '【幸福氣】https://evil.example/a', ['unregistered-link']],
  ['a registered link', '【幸福氣】https://luckygas.tw/a', []],
  ['a phone number', '【幸福氣】請電 02-2345-6789', ['unregistered-number']],
  ['no identity and a link', 'evil.example/a', ['identity-added', 'unregistered-link']],
])('warns of %s', (_, text, codes) => {
  expect(codesOf(text)).toEqual(codes)
})

test.each([
  ['Ｌｕｃｋｙ', ['identity-full-width']],
  ['幸福氣！', ['identity-full-width']],
  ['幸福氣', []],
  ['LuckyGas', []],
])('looks at the name itself: %s', (companyName, codes) => {
  expect(codesOf(`【${companyName}】hello`, { companyName })).toEqual(codes)
})
