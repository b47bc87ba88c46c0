import { test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { chooseVariant, pointOf } from './choose-variant.ts'
import { cleanValue } from './clean-value.ts'
import { listVariables, parseTemplate, renderTemplate } from './template.ts'

describe('rendering', () => {
  test.each([
    ['{order_id} 已送達', { order_id: 'A1' }, 'A1 已送達'],
    ['{amount} 元', { amount: 250 }, '250 元'],
    ['{name|您好}，', {}, '您好，'],
    ['{name|您好}，', { name: '王小姐' }, '王小姐，'],
    ['{a}{a}', { a: 'x' }, 'xx'],
    ['{ a } {} {1a} {a|b{c}}', { c: 'C' }, '{ a } {} {1a} {a|bC}'],
    ['【幸福氣】', {}, '【幸福氣】'],
  ])('%s with %j', (content, data, text) => {
    expect(renderTemplate(content, data)).toEqual({ kind: 'ok', text })
  })

  test('names all that is missing, once, in order', () => {
    expect(renderTemplate('{b}{a}{b}{c|x}', { a: '' })).toEqual({
      kind: 'missing',
      names: ['b', 'a'],
    })
  })

  test('takes nothing from the prototype', () => {
    expect(renderTemplate('{constructor}{__proto__}', {})).toMatchObject({ kind: 'missing' })
  })

  property.prop([fc.string({ unit: 'grapheme' })])(
    'a value is never read as a template',
    (value) => {
      const rendered = renderTemplate('{a}', { a: `{b}${value}{c}`, b: 'B', c: 'C' })
      expect(rendered.kind === 'ok' && rendered.text.startsWith('{b}')).toBe(true)
    },
  )

  property.prop([fc.string()])('pieces put together again are the template', (content) => {
    const whole = parseTemplate(content)
      .map((piece) => {
        if (piece.kind === 'text') return piece.text
        return piece.fallback === undefined
          ? `{${piece.name}}`
          : `{${piece.name}|${piece.fallback}}`
      })
      .join('')
    expect(whole).toBe(content)
  })

  test('lists variables', () => {
    expect(listVariables('{b}{a|x}{b}')).toEqual({ all: ['b', 'a'], required: ['b'] })
  })
})

describe('cleaning a value', () => {
  test.each([
    ['a\r\nb\u2028c', 'a b c'],
    ['a\u202Eb\u2066c\u200Bd\uFEFFe', 'abcde'],
    ['\u0000\u0007x\u001B[31m', 'x[31m'],
    ['  a   b  ', 'a b'],
    ['❤️', '❤️'],
    ['\ud800x', '\ufffdx'],
    ['\u{e0041}x', 'x'],
    ['x'.repeat(300), 'x'.repeat(200)],
  ])('%j', (value, cleaned) => {
    expect(cleanValue(value)).toBe(cleaned)
  })

  property.prop([fc.string({ unit: 'binary', maxLength: 400 })])(
    'is done once and for all',
    (value) => {
      const cleaned = cleanValue(value)
      expect(cleanValue(cleaned)).toBe(cleaned)
      expect([...cleaned].length).toBeLessThanOrEqual(200)
      expect(cleaned).not.toMatch(/[\r\n\u202e]/)
    },
  )
})

describe('choosing a variant', () => {
  const a = { variant: 'A', weight: 50, active: true }
  const b = { variant: 'B', weight: 50, active: true }
  test('splits by weight, whatever the order of the rows', () => {
    expect(chooseVariant([a, b], 0.49)).toBe(a)
    expect(chooseVariant([b, a], 0.49)).toBe(a)
    expect(chooseVariant([a, b], 0.5)).toBe(b)
    expect(chooseVariant([a, { ...b, weight: 150 }], 0.25)).toMatchObject({ variant: 'B' })
  })
  test('leaves out what is not active or has no weight', () => {
    expect(chooseVariant([{ ...a, active: false }, b], 0)).toBe(b)
    expect(chooseVariant([{ ...a, weight: 0 }], 0)).toBeUndefined()
  })
  test('a point is read from the first four bytes', () => {
    expect(pointOf(Buffer.from('00000000ff', 'hex'))).toBe(0)
    expect(pointOf(Buffer.from('ffffffff00', 'hex'))).toBeLessThan(1)
  })
})
