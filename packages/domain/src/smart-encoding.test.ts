import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import { isGsm7 } from './gsm7.ts'
import { measureText } from './segments.ts'
import { smartEncode } from './smart-encoding.ts'
import { findLinks } from './text-contacts.ts'

/** So long that what is not GSM-7 costs a segment more. */
const LONG = 'a'.repeat(80)

test.each([
  ['\u2018curly\u2019 \u201cquotes\u201d', `'curly' "quotes"`],
  ['it\u2019s 5\u20326\u2033', `it's 5'6"`],
  ['`back` and \u00b4acute\u00b4', `'back' and 'acute'`],
  ['\u00abguillemets\u00bb \u2039single\u203a', `"guillemets" 'single'`],
  ['10\u201320, a \u2014 b, \u22125', '10-20, a - b, -5'],
  ['wait\u2026', 'wait...'],
  ['a\u00a0b\u202fc\u3000d\te', 'a b c d e'],
  ['zero\u200bwidth\ufeff soft\u00adhyphen', 'zerowidth softhyphen'],
  ['line\u2028break', 'line\nbreak'],
  ['\u2022 one', '* one'],
  ['\uff21\uff22\uff23\uff01 \uff08\uff11\uff12\uff13\uff09', 'ABC! (123)'],
  ['\u3010LUCKY GAS\u3011hello', '[LUCKY GAS]hello'],
])('%j becomes %j', (text, expected) => {
  expect(smartEncode(`${text}${LONG}`)).toMatchObject({
    text: `${expected}${LONG}`,
    segments: 1,
    savedSegments: 1,
  })
})

test('names each character that it replaces once, in the order of appearance', () => {
  expect(smartEncode(`\u201ca\u201d \u201cb\u201d\u2026${LONG}`)?.replaced).toEqual([
    { from: '\u201c', to: '"' },
    { from: '\u201d', to: '"' },
    { from: '\u2026', to: '...' },
  ])
})

describe('leaves alone', () => {
  test.each([
    ['what is GSM-7 already', LONG],
    ['a text with Chinese', `\u201c瓦斯\u201d\u2026${LONG}`],
    ['a text with one Chinese character', `${LONG}${LONG}\u2019\u2019\u2019\u2019氣`],
    ['a text with an emoji', `\u201chi\u201d 👍${LONG}`],
    ['a text with letters that GSM-7 lacks', `\u201cá\u201d${LONG}`],
    ['what saves no segment', '\u201cshort\u201d'],
    ['a dash in an address', `https://luckygas.tw/a\u2013b ${LONG}`],
    ['a quote that would run into an address', `https://luckygas.tw/a\u2019s ${LONG}`],
    ['an address in full width, which nobody can tap', `\uff57\uff57\uff57.luckygas.tw ${LONG}`],
    ['a host that would become one', `luckygas\u200b.tw ${LONG}`],
    ['digits that would run together', `12\u200b34 ${LONG}`],
    ['a fraction, or an exponent', `\u00bd of 10\u00b2 \u2013 ${LONG}`],
  ])('%s', (_, text) => {
    expect(smartEncode(text)).toBeUndefined()
  })
})

const typographic = fc.constantFrom(
  ...'\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0\u3000\u200b\u2022\uff01\uff10\uff19\uff21\uff5e\u3010\u3011`\t',
)
const plain = fc.constantFrom(...'abcXYZ0189 .,:/-\n€[]@', 'https://luckygas.tw/', '0912345678')
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: plain }, typographic, fc.string({ maxLength: 2 })), {
    maxLength: 200,
  })
  .map((pieces) => pieces.join(''))

const digitsOf = (value: string) => value.normalize('NFKC').match(/\d+/g)

property.prop([text])('saves what it says, once, and keeps links and digits', (given) => {
  const encoded = smartEncode(given)
  if (!encoded) return
  expect(isGsm7(encoded.text)).toBe(true)
  expect(encoded.segments).toBe(measureText(encoded.text).segments)
  expect(encoded.savedSegments).toBe(measureText(given).segments - encoded.segments)
  expect(encoded.savedSegments).toBeGreaterThan(0)
  expect(smartEncode(encoded.text)).toBeUndefined()
  expect(findLinks(encoded.text).links).toEqual(findLinks(given).links)
  expect(digitsOf(encoded.text)).toEqual(digitsOf(given))
})

property.prop([text, fc.constantFrom('氣', '，', '。', '한', 'あ')])(
  'never touches a text with a character of the East',
  (given, character) => {
    expect(smartEncode(`${given}${character}`)).toBeUndefined()
  },
)
