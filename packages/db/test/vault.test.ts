import { randomBytes } from 'node:crypto'
import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import { createVault } from '@sms-gateway/db/vault'

const oldKey = { id: '2024', key: randomBytes(32) }
const newKey = { id: '2025-b', key: randomBytes(32) }
const lookupKey = randomBytes(32)
const vault = createVault({ encryptionKeys: [oldKey], lookupKey })
const rotated = createVault({ encryptionKeys: [newKey, oldKey], lookupKey })

describe('a sealed value', () => {
  property.prop([fc.string({ unit: 'grapheme' }), fc.string()])(
    'opens in its context',
    (text, context) => {
      expect(vault.open(vault.seal(text, context), context)).toBe(text)
    },
  )

  test('is another one each time, and shows nothing of the text', () => {
    const sealed = [vault.seal('+886912345678', 'row'), vault.seal('+886912345678', 'row')]
    expect(sealed[0]).not.toEqual(sealed[1])
    expect(sealed[0]?.toString('latin1')).not.toContain('912345678')
  })

  test('does not open in another context', () => {
    expect(() => vault.open(vault.seal('text', 'row 1'), 'row 2')).toThrow()
  })

  test.each(['', 'a', '【幸福氣】您的瓦斯已出貨'])(
    'does not open when any byte was changed: %j',
    (text) => {
      const sealed = vault.seal(text, 'row')
      for (let at = 0; at < sealed.length; at++) {
        for (const bit of [0x01, 0x80]) {
          const changed = Buffer.from(sealed)
          changed.writeUInt8(changed.readUInt8(at) ^ bit, at)
          expect(() => vault.open(changed, 'row')).toThrow()
        }
      }
    },
  )

  test('does not open when it was cut short or made longer', () => {
    const sealed = vault.seal('text', 'row')
    for (let length = 0; length < sealed.length; length++) {
      expect(() => vault.open(sealed.subarray(0, length), 'row')).toThrow()
    }
    expect(() => vault.open(Buffer.concat([sealed, Buffer.from([0])]), 'row')).toThrow()
  })

  test('takes its whole tag: a short one is not accepted for a match of its few bytes', () => {
    const [header] = [Buffer.from([1, oldKey.id.length, ...Buffer.from(oldKey.id)])]
    for (const length of [4, 8, 12]) {
      const forged = Buffer.concat([header, Buffer.alloc(length)]).subarray(
        0,
        header.length + length,
      )
      expect(() => vault.open(forged, 'row')).toThrow()
    }
  })
})

describe('rotation', () => {
  test('opens what the old key sealed, and seals with the new one', () => {
    expect(rotated.open(vault.seal('text', 'row'), 'row')).toBe('text')
    const sealed = rotated.seal('text', 'row')
    expect(rotated.open(sealed, 'row')).toBe('text')
    expect(() => vault.open(sealed, 'row')).toThrow('names a key that is not here')
  })

  test('does not open with another key of the same id', () => {
    const impostor = createVault({
      encryptionKeys: [{ ...oldKey, key: randomBytes(32) }],
      lookupKey,
    })
    expect(() => impostor.open(vault.seal('text', 'row'), 'row')).toThrow()
  })

  test('needs a key to begin with', () => {
    expect(() => createVault({ encryptionKeys: [], lookupKey })).toThrow('no encryption key')
  })
})

describe('the hash that finds a number', () => {
  test('is the same for the same number and survives a rotation', () => {
    expect(vault.hash('+886912345678')).toEqual(vault.hash('+886912345678'))
    expect(rotated.hash('+886912345678')).toEqual(vault.hash('+886912345678'))
    expect(vault.hash('+886912345678')).toHaveLength(32)
  })

  test('is another one for another number, or with another key', () => {
    const other = createVault({ encryptionKeys: [oldKey], lookupKey: randomBytes(32) })
    expect(vault.hash('+886912345679')).not.toEqual(vault.hash('+886912345678'))
    expect(other.hash('+886912345678')).not.toEqual(vault.hash('+886912345678'))
  })
})
