import { describe, expect, test } from '@jest/globals'
import {
  addVariant,
  changeVariantAt,
  type Draft,
  exampleOf,
  isSame,
  removeVariantAt,
  shareOf,
  toDraft,
  variablesOf,
} from './draft.ts'

const a = { variant: 'A', content: '{name} 您好', weight: 75, active: true }
const b = { variant: 'B', content: '{name|您}：{eta}', weight: 25, active: true }
const draft: Draft = { version: 3, name: '配送', language: 'zh-TW', variants: [a, b] }

test('a template becomes what its editor changes, and nothing besides', () => {
  const template = {
    ...draft,
    code: 'x',
    author: null,
    created_at: '2026-11-22T00:00:00Z',
    variants: [
      { ...a, variables: ['name'], required_variables: ['name'] },
      { ...b, variables: ['name', 'eta'], required_variables: ['eta'] },
    ],
  }
  expect(toDraft(template)).toEqual(draft)
  expect(isSame(toDraft(template), draft)).toBe(true)
})

describe('variants', () => {
  test('a new one has the first free letter and the text of the last', () => {
    const { variants } = addVariant({ ...draft, variants: [a, { ...b, variant: 'C' }] })
    expect(variants.at(-1)).toEqual({ variant: 'B', content: b.content, weight: 100, active: true })
  })

  test('one is changed or taken out by its place, the others stay', () => {
    expect(changeVariantAt(draft, 1, { weight: 5 }).variants).toEqual([a, { ...b, weight: 5 }])
    expect(removeVariantAt(draft, 0).variants).toEqual([b])
    expect(isSame(changeVariantAt(draft, 1, { weight: 5 }), draft)).toBe(false)
  })

  test.each([
    ['its weight among those that are sent', a, [a, b], 0.75],
    ['all where the other is off', a, [a, { ...b, active: false }], 1],
    ['none where it is off', { ...a, active: false }, [{ ...a, active: false }, b], 0],
    ['none without a weight', { ...a, weight: 0 }, [{ ...a, weight: 0 }], 0],
  ])('the share of one is %s', (_, one, all, share) => {
    expect(shareOf(one, all)).toBe(share)
  })
})

test('the variables of all texts come each once', () => {
  expect(variablesOf(draft)).toEqual(['name', 'eta'])
})

test.each([
  ['order_id', 'A1024'],
  ['delivery_time', '14:30'],
  ['amount', '1280'],
  ['customer_name', '王小明'],
  ['whatever', 'whatever'],
])('%s is shown as %s', (name, example) => {
  expect(exampleOf(name)).toBe(example)
})
