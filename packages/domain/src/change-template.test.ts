import { describe, expect, test } from '@jest/globals'
import { addVariant, changeVariant, diffTemplates, replaceVariants } from './change-template.ts'
import type { Template } from './template-version.ts'

const a = { variant: 'A', content: '訂單 {id}', weight: 50, active: true }
const b = { variant: 'B', content: '{id} 已送達', weight: 50, active: false }

function build(changes: Partial<Template> = {}): Template {
  return {
    code: 'order',
    version: 3,
    name: '訂單',
    language: 'zh-TW',
    author: null,
    createdAt: new Date('2026-11-22T00:00:00Z'),
    variants: [a, b],
    ...changes,
  }
}

describe('adding a variant', () => {
  test('to nothing makes a template of one, in Traditional Chinese unless it says otherwise', () => {
    expect(addVariant(undefined, { ...a, name: '訂單' })).toEqual({
      kind: 'ok',
      draft: { name: '訂單', language: 'zh-TW', variants: [a] },
    })
    expect(addVariant(undefined, { ...a, name: 'Order', language: 'en' })).toMatchObject({
      draft: { language: 'en' },
    })
  })

  test('to a template keeps the others and its language; the name is the newest', () => {
    const current = build({ language: 'en', variants: [a] })
    expect(addVariant(current, { ...b, name: 'Renamed' })).toEqual({
      kind: 'ok',
      draft: { name: 'Renamed', language: 'en', variants: [a, b] },
    })
    expect(current.variants).toEqual([a])
  })

  test('that is there is refused, however different it is', () => {
    const again = { ...a, content: 'other', weight: 1, name: 'x' }
    expect(addVariant(build(), again)).toEqual({ kind: 'variant-exists' })
  })
})

describe('changing a variant', () => {
  test.each([
    ['its text', { content: 'new' }, { ...a, content: 'new' }],
    ['its weight to none', { weight: 0 }, { ...a, weight: 0 }],
    ['its switch', { active: false }, { ...a, active: false }],
    ['nothing', {}, a],
  ])('changes %s, and no other variant', (_, change, changed) => {
    expect(changeVariant(build(), { variant: 'A', ...change })).toEqual({
      kind: 'ok',
      draft: { name: '訂單', language: 'zh-TW', variants: [changed, b] },
    })
  })

  test('renames the template', () => {
    expect(changeVariant(build(), { variant: 'B', name: 'x' })).toMatchObject({
      draft: { name: 'x', variants: [a, b] },
    })
  })

  test('that is not there is refused', () => {
    expect(changeVariant(build(), { variant: 'a' })).toEqual({ kind: 'variant-not-found' })
  })
})

describe('the difference of two versions', () => {
  test('is nothing where they read the same, whoever made them and when', () => {
    expect(
      diffTemplates(build(), build({ version: 4, author: 'me', createdAt: new Date() })),
    ).toEqual([])
  })

  test('names each field before and after: the template first, then the variants in order', () => {
    const after = build({
      name: '新訂單',
      language: 'en',
      variants: [b, { ...a, content: 'new', weight: 0, active: false }],
    })
    expect(diffTemplates(build(), after)).toEqual([
      { variant: null, field: 'name', before: '訂單', after: '新訂單' },
      { variant: null, field: 'language', before: 'zh-TW', after: 'en' },
      { variant: 'A', field: 'content', before: a.content, after: 'new' },
      { variant: 'A', field: 'weight', before: 50, after: 0 },
      { variant: 'A', field: 'active', before: true, after: false },
    ])
  })

  test('has null where a variant was not there, or is gone', () => {
    const one = build({ variants: [a] })
    const both = build()
    expect(diffTemplates(one, both)).toEqual([
      { variant: 'B', field: 'content', before: null, after: b.content },
      { variant: 'B', field: 'weight', before: null, after: 50 },
      { variant: 'B', field: 'active', before: null, after: false },
    ])
    expect(diffTemplates(both, one)).toEqual(
      diffTemplates(one, both).map((each) => ({ ...each, before: each.after, after: each.before })),
    )
  })
})

describe('all of it at once', () => {
  const draft = { name: 'New', language: 'en', variants: [b] }

  test('is what was given, where nobody changed it meanwhile', () => {
    expect(replaceVariants(build(), { version: 3, ...draft })).toEqual({ kind: 'ok', draft })
    expect(replaceVariants(undefined, { version: 0, ...draft })).toEqual({ kind: 'ok', draft })
  })

  test.each([
    ['changed', build(), 2],
    ['made', build(), 0],
    ['deleted', undefined, 3],
  ])('is refused where somebody has %s it meanwhile', (_, current, version) => {
    expect(replaceVariants(current, { version, ...draft })).toEqual({ kind: 'version-passed' })
  })
})
