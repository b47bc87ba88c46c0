import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createMessageId, MessageId } from '@sms-gateway/domain/ids'
import { splitForChunghwa, toChunghwaParts } from './chunghwa-parts.ts'

const ID = MessageId.parse('01913c5e-7b00-7000-8000-00000000002a')

test.each([
  ['測試簡訊', 8, '6E2C8A667C218A0A'],
  ['堃', 8, '5803'],
  ['😀', 8, 'D83DDE00'],
  // Nobody knows how @ arrives in dcs 3.
  ['a@b', 8, '006100400062'],
  ['Hello, 1+1=2', 3, '48656C6C6F2C20312B313D32'],
  ['[a]{b}~^\\|€', 3, '1B3C611B3E1B28621B291B3D1B141B2F1B401B65'],
  ['a\r\nb', 3, '610D0A62'],
] as const)('%j goes as dcs %i', (text, dcs, hex) => {
  expect(toChunghwaParts(text, ID)).toEqual([{ dcs, udhi: 0, hex }])
})

test('the example of 85 characters has two parts with our header', () => {
  const [one, two, ...more] = toChunghwaParts(`【幸福氣】${'您的瓦斯已送達。'.repeat(10)}`, ID)
  expect(more).toEqual([])
  expect(one?.hex.startsWith('0500032A020130105E78798F6C23301160A8768474E665AF')).toBe(true)
  expect(one?.hex).toHaveLength(280)
  expect(two?.hex.startsWith('0500032A02029054300260A8768474E6')).toBe(true)
  expect(two?.hex).toHaveLength(84)
  expect([one?.udhi, two?.udhi]).toEqual([1, 1])
})

test('a long Latin part is at most 318 hex digits, and no escape is cut', () => {
  const parts = toChunghwaParts(`${'a'.repeat(152)}€${'a'.repeat(160)}`, ID)
  expect(parts.map(({ hex }) => hex.length)).toEqual([12 + 304, 12 + 306, 12 + 18])
  expect(parts[1]?.hex.slice(12, 18)).toBe('1B6561')
})

test('a message sent again has the same parts, another one another reference', () => {
  const text = '字'.repeat(80)
  expect(toChunghwaParts(text, ID)).toEqual(toChunghwaParts(text, ID))
  const references = Array.from({ length: 64 }, () =>
    toChunghwaParts(text, createMessageId(new Date()))[0]?.hex.slice(6, 8),
  )
  expect(new Set(references).size).toBeGreaterThan(16)
})

test('no part is over what a message carries, and all text is in them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 700 }), (text) => {
      const parts = toChunghwaParts(text, ID)
      expect(parts).toHaveLength(splitForChunghwa(text).length)
      const [{ dcs } = { dcs: 8 }] = parts
      const limit = dcs === 8 ? 280 : 320
      expect(parts.every(({ hex }) => hex.length <= limit)).toBe(true)
      if (dcs === 3) return
      const hex = parts.map((part) => part.hex.slice(part.udhi * 12)).join('')
      expect(Buffer.from(hex, 'hex').swap16().toString('utf16le')).toBe(text)
    }),
  )
})
