import { fc, test as property } from '@fast-check/jest'
import { expect, test } from '@jest/globals'
import { withSenderIdentity } from './sender-identity.ts'

const COMPANY = '幸福氣'

test.each([
  { text: '您的瓦斯已送達。', expected: '【幸福氣】您的瓦斯已送達。' },
  { text: '【幸福氣】您的瓦斯已送達。', expected: '【幸福氣】您的瓦斯已送達。' },
  { text: '您的瓦斯已送達。【幸福氣】', expected: '您的瓦斯已送達。【幸福氣】' },
  { text: '幸福氣：已送達', expected: '【幸福氣】幸福氣：已送達' },
  { text: '[幸福氣]已送達', expected: '【幸福氣】[幸福氣]已送達' },
  { text: '【幸福】已送達', expected: '【幸福氣】【幸福】已送達' },
])('$text leaves as $expected', ({ text, expected }) => {
  expect(withSenderIdentity(text, COMPANY)).toBe(expected)
})

const textWithIdentities = fc
  .array(fc.oneof(fc.string({ maxLength: 20 }), fc.constant('【幸福氣】')), { maxLength: 4 })
  .map((pieces) => pieces.join(''))

property.prop([textWithIdentities])('twice is the same as once', (text) => {
  const once = withSenderIdentity(text, COMPANY)
  expect(once).toContain('【幸福氣】')
  expect(once.endsWith(text)).toBe(true)
  expect(withSenderIdentity(once, COMPANY)).toBe(once)
})
