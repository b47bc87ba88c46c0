import { expect, test } from '@jest/globals'
import { GSM7_BASIC, GSM7_EXTENSION, isGsm7, nonGsmCharacters, septets } from './gsm7.ts'

test('the tables hold the 127 basic characters and the ten escapes, each once', () => {
  expect(GSM7_BASIC).toHaveLength(127)
  expect(GSM7_EXTENSION).toHaveLength(10)
  expect(new Set(GSM7_BASIC + GSM7_EXTENSION).size).toBe(137)
})

test('a character is where GSM 03.38 has it', () => {
  // Codes above 0x1b stand one place lower, because the escape is not in the table.
  expect(GSM7_BASIC.indexOf('@')).toBe(0x00)
  expect(GSM7_BASIC.indexOf('Δ')).toBe(0x10)
  expect(GSM7_BASIC.indexOf('Ξ')).toBe(0x1a)
  expect(GSM7_BASIC.indexOf('Æ')).toBe(0x1c - 1)
  expect(GSM7_BASIC.indexOf('¡')).toBe(0x40 - 1)
  expect(GSM7_BASIC.indexOf('A')).toBe(0x41 - 1)
  expect(GSM7_BASIC.indexOf('¿')).toBe(0x60 - 1)
  expect(GSM7_BASIC.indexOf('à')).toBe(0x7f - 1)
})

test.each([
  { text: '', expected: 0 },
  { text: 'Hello @ Ñ', expected: 9 },
  { text: 'a€b', expected: 4 },
  { text: GSM7_BASIC, expected: 127 },
  { text: GSM7_EXTENSION, expected: 20 },
])('$text takes $expected septets', ({ text, expected }) => {
  expect(septets(text)).toBe(expected)
  expect(isGsm7(text)).toBe(true)
})

test.each(['`', '\t', '\u00a0', 'ç', '“', '–', '…', '中', '，', '１', '😀', '\u001b', '\u0000'])(
  '%j is not in GSM-7',
  (char) => {
    expect(isGsm7(char)).toBe(false)
    expect(septets(`abc${char}`)).toBeUndefined()
    expect(nonGsmCharacters(`ab${char}c`)).toEqual([char])
  },
)

test('what turns a text into UCS-2 is listed once, in order, and an emoji stays whole', () => {
  expect(nonGsmCharacters('您好😀, 您 {ok}')).toEqual(['您', '好', '😀'])
  expect(nonGsmCharacters('plain')).toEqual([])
})
