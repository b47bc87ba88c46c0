import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import { SegmentedMessage } from 'sms-segments-calculator'
import { GSM7_BASIC, GSM7_EXTENSION, septets } from './gsm7.ts'
import { measureText, splitText } from './segments.ts'

const han = (count: number) => '中'.repeat(count)
const latin = (count: number) => 'a'.repeat(count)
const FAMILY = '👨‍👩‍👧‍👦'

describe('at the boundaries', () => {
  test.each([
    { name: 'no text', text: '', encoding: 'GSM-7', segments: 1, units: 0 },
    { name: '160 a', text: latin(160), encoding: 'GSM-7', segments: 1, units: 160 },
    { name: '161 a', text: latin(161), encoding: 'GSM-7', segments: 2, units: 161 },
    { name: '306 a', text: latin(306), encoding: 'GSM-7', segments: 2, units: 306 },
    { name: '307 a', text: latin(307), encoding: 'GSM-7', segments: 3, units: 307 },
    { name: '80 €', text: '€'.repeat(80), encoding: 'GSM-7', segments: 1, units: 160 },
    { name: '81 €', text: '€'.repeat(81), encoding: 'GSM-7', segments: 2, units: 162 },
    {
      name: 'a cut €',
      text: `${latin(152)}€${latin(152)}`,
      encoding: 'GSM-7',
      segments: 3,
      units: 306,
    },
    { name: '70 中', text: han(70), encoding: 'UCS-2', segments: 1, units: 70 },
    { name: '71 中', text: han(71), encoding: 'UCS-2', segments: 2, units: 71 },
    { name: '134 中', text: han(134), encoding: 'UCS-2', segments: 2, units: 134 },
    { name: '135 中', text: han(135), encoding: 'UCS-2', segments: 3, units: 135 },
    { name: '201 中', text: han(201), encoding: 'UCS-2', segments: 3, units: 201 },
    { name: '268 中', text: han(268), encoding: 'UCS-2', segments: 4, units: 268 },
    { name: '335 中', text: han(335), encoding: 'UCS-2', segments: 5, units: 335 },
    { name: '336 中', text: han(336), encoding: 'UCS-2', segments: 6, units: 336 },
    {
      name: 'a cut emoji',
      text: `${han(66)}😀${han(66)}`,
      encoding: 'UCS-2',
      segments: 3,
      units: 134,
    },
    { name: '35 emoji', text: '😀'.repeat(35), encoding: 'UCS-2', segments: 1, units: 70 },
    {
      name: 'a family across parts',
      text: `${han(60)}${FAMILY}`,
      encoding: 'UCS-2',
      segments: 2,
      units: 71,
    },
    {
      name: 'one 中 among Latin',
      text: `${latin(70)}中`,
      encoding: 'UCS-2',
      segments: 2,
      units: 71,
    },
  ])('$name: $segments of $encoding', ({ text, encoding, segments, units }) => {
    expect(measureText(text)).toEqual({ encoding, segments, units })
    expect(splitText(text)).toHaveLength(segments)
  })

  test('a part ends one unit early rather than inside a pair', () => {
    expect(splitText(`${han(66)}😀${han(66)}`)).toEqual([han(66), `😀${han(65)}`, '中'])
    expect(splitText(`${latin(152)}€${latin(152)}`)).toEqual([latin(152), `€${latin(151)}`, 'a'])
  })

  test("splits as the manual's own example: 67 units, then 18", () => {
    const parts = splitText(`【幸福氣】${'您的瓦斯已送達。'.repeat(10)}`)
    expect(parts.map((part) => part.length)).toEqual([67, 18])
  })

  test('a 16-bit reference leaves 66 units or 152 septets, but only in parts of several', () => {
    const reserve = 1
    expect(splitText(han(70), { reserve })).toHaveLength(1)
    expect(splitText(han(133), { reserve }).map((part) => part.length)).toEqual([66, 66, 1])
    expect(splitText(latin(160), { reserve })).toHaveLength(1)
    expect(splitText(latin(305), { reserve }).map((part) => part.length)).toEqual([152, 152, 1])
  })

  test('the encoding can be given, where a provider has a narrower alphabet', () => {
    const options = { encoding: 'UCS-2' } as const
    expect(measureText(latin(71), options)).toEqual({ encoding: 'UCS-2', segments: 2, units: 71 })
    expect(splitText(latin(71), options)).toEqual([latin(67), latin(4)])
    expect(measureText('€', options).units).toBe(1)
  })

  test('GSM-7 for a text that it cannot carry is a bug of the caller', () => {
    expect(() => splitText('中', { encoding: 'GSM-7' })).toThrow('GSM-7')
  })

  test('a lone surrogate is counted and kept, and ends no loop', () => {
    const broken = '\ud83d'.repeat(100) + '\ude00'.repeat(100)
    expect(splitText(broken).join('')).toBe(broken)
    expect(measureText(broken).segments).toBe(splitText(broken).length)
  })
})

const gsmText = fc.string({
  unit: fc.constantFrom(...GSM7_BASIC, ...GSM7_EXTENSION.repeat(4)),
  maxLength: 700,
})
/** No combining marks or joiners among these, so that a grapheme cluster is one code point. */
const ucsText = fc.string({
  unit: fc.constantFrom(...'中文您好瓦斯，。【】aB1 €[\n😀🚚🔥𠮷'),
  maxLength: 400,
})
/** Lengths around the boundaries, where mistakes live, come more often than chance would bring them. */
const edgeText = fc
  .tuple(
    fc.constantFrom('a', '中'),
    fc.constantFrom(0, 66, 69, 133, 152, 159, 305),
    fc.constantFrom('€', '😀', 'b', '€€', '😀😀'),
    fc.nat(310),
  )
  .map(([filler, before, middle, after]) => filler.repeat(before) + middle + filler.repeat(after))
const anyText = fc.oneof(gsmText, ucsText, edgeText, fc.string({ unit: 'binary', maxLength: 400 }))
const options = fc.record(
  { encoding: fc.constant('UCS-2' as const), reserve: fc.constantFrom(0, 1) },
  { requiredKeys: [] },
)

describe('properties', () => {
  property.prop([fc.oneof(gsmText, ucsText, edgeText)])(
    "counts and encodes as Twilio's own calculator",
    (text) => {
      const oracle = new SegmentedMessage(text)
      expect(measureText(text)).toMatchObject({
        encoding: oracle.encodingName,
        segments: oracle.segmentsCount,
      })
    },
  )

  property.prop([anyText, options])('the parts are the text, whole and in order', (text, how) => {
    expect(splitText(text, how).join('')).toBe(text)
  })

  property.prop([anyText, options])('the count is the number of parts', (text, how) => {
    expect(measureText(text, how).segments).toBe(splitText(text, how).length)
  })

  property.prop([anyText, options])('no part is over its capacity, nor empty', (text, how) => {
    const parts = splitText(text, how)
    const { encoding } = measureText(text, how)
    const single = encoding === 'GSM-7' ? 160 : 70
    const several = (encoding === 'GSM-7' ? 153 : 67) - (how.reserve ?? 0)
    for (const part of parts) {
      const units = encoding === 'GSM-7' ? septets(part) : part.length
      expect(units).toBeLessThanOrEqual(parts.length === 1 ? single : several)
      expect(part === '' && text !== '').toBe(false)
    }
  })

  property.prop([anyText, options])('no part begins with a low surrogate', (text, how) => {
    for (const part of splitText(text, how)) expect(part).not.toMatch(/^[\udc00-\udfff]/)
  })
})
