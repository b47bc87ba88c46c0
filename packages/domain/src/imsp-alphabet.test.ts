import { expect, test } from '@jest/globals'
import { isGsm7 } from './gsm7.ts'
import { isImspLatin } from './imsp-alphabet.ts'

test.each(['', 'Hello World 0123', '\r\n.,:;!?\'"()+-*/=<>%&#', '^{}\\[~]|€'])(
  '%j is safe as Latin text',
  (text) => {
    expect(isImspLatin(text)).toBe(true)
    expect(isGsm7(text)).toBe(true)
  },
)

test.each(['@', '$', '_', '£', 'è', 'Δ', '`', '\f', '\t', '中', '😀', '，'])(
  '%j is not, even among Latin text',
  (char) => {
    expect(isImspLatin(`abc ${char}\nabc`)).toBe(false)
  },
)

test('every character of the Latin alphabet is in GSM-7 too', () => {
  const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
  const latin = all.filter((char) => isImspLatin(char))
  expect(latin).toHaveLength(62 + 3 + 20 + 9)
  expect(latin.filter((char) => !isGsm7(char))).toEqual([])
})
