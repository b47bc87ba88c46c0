import { describe, expect, test } from '@jest/globals'
import type { TemplateDraft } from '@sms-gateway/db/change-template'
import { changeTemplate, deleteTemplate } from '@sms-gateway/db/change-template'
import {
  findTemplate,
  findTemplateVersion,
  listTemplates,
  listTemplateVersions,
} from '@sms-gateway/db/templates'
import { onEachPostgres } from './on-each-postgres.ts'
import { NOW } from './support.ts'

const variant = { variant: 'A', content: '訂單 {id}', weight: 100, active: true }
const draft: TemplateDraft = { name: '訂單', language: 'zh-TW', variants: [variant] }

let count = 0
/** Nobody else in this file has it. */
function newCode(): string {
  count += 1
  return `code_${count}`
}

onEachPostgres((postgres) => {
  const make = (code: string, author: string | null = 'me') =>
    changeTemplate(postgres.db, { code, author }, () => draft)
  const rename = (code: string, name: string) =>
    changeTemplate(
      postgres.db,
      { code, author: 'me' },
      (current) => current && { ...current, name },
    )
  const versionsOf = async (code: string) =>
    (await listTemplateVersions(postgres.db, code, { limit: 50 })).map(({ version }) => version)

  test('the four that come with the gateway are there, in Chinese', async () => {
    const templates = await listTemplates(postgres.db, { after: undefined, limit: 10 })
    const seeded = templates.filter(({ author }) => author === null)
    expect(seeded.map(({ code, name }) => [code, name])).toEqual([
      ['delivery_completed', '配送完成'],
      ['order_confirmation', '訂單確認'],
      ['out_for_delivery', '配送中通知'],
      ['payment_reminder', '付款提醒'],
    ])
    for (const { version, variants, language } of seeded) {
      expect({ version, language }).toEqual({ version: 1, language: 'zh-TW' })
      for (const { content } of variants) expect(content).toMatch(/^【幸福氣】/)
    }
    expect(seeded[1]?.variants.map(({ variant: name, weight }) => [name, weight])).toEqual([
      ['A', 50],
      ['B', 50],
    ])
  })

  test('a change is a new version, and leaves the old one as it was', async () => {
    const code = newCode()
    const first = await make(code)
    expect(first).toMatchObject({ code, version: 1, author: 'me', ...draft })
    const second = await changeTemplate(postgres.db, { code, author: 'you' }, () => ({
      name: 'new',
      language: 'en',
      variants: [{ ...variant, variant: 'B', weight: 0, active: false }, variant],
    }))
    expect(second).toMatchObject({ version: 2, author: 'you', name: 'new', language: 'en' })
    expect(second?.variants.map(({ variant: name }) => name)).toEqual(['A', 'B'])
    expect(await findTemplate(postgres.db, code)).toEqual(second)
    expect(await findTemplateVersion(postgres.db, code, 1)).toEqual(first)
    expect(await findTemplateVersion(postgres.db, code, 3)).toBeUndefined()
    expect(await versionsOf(code)).toEqual([2, 1])
  })

  test('a decision for nothing changes nothing', async () => {
    const code = newCode()
    expect(
      await changeTemplate(postgres.db, { code, author: null }, () => undefined),
    ).toBeUndefined()
    expect(await versionsOf(code)).toEqual([])
  })

  test('a deleted one is gone but for its versions, which go on when it is made again', async () => {
    const code = newCode()
    await make(code)
    expect(await deleteTemplate(postgres.db, code, NOW)).toBe(true)
    expect(await deleteTemplate(postgres.db, code, NOW)).toBe(false)
    expect(await findTemplate(postgres.db, code)).toBeUndefined()
    expect(await rename(code, 'new')).toBeUndefined()
    expect(await findTemplateVersion(postgres.db, code, 1)).toMatchObject({ version: 1 })
    const listed = await listTemplates(postgres.db, { after: undefined, limit: 500 })
    expect(listed.map((each) => each.code)).not.toContain(code)

    expect(await make(code)).toMatchObject({ version: 2 })
    expect(await findTemplate(postgres.db, code)).toMatchObject({ version: 2 })
    expect(await deleteTemplate(postgres.db, newCode(), NOW)).toBe(false)
  })

  test('pages by code', async () => {
    const codes = ['aa_one', 'aa_three', 'aa_two']
    for (const code of codes.toReversed()) await make(code)
    const page = async (after: string | undefined, limit: number) =>
      (await listTemplates(postgres.db, { after, limit })).map(({ code }) => code)
    expect(await page(undefined, 2)).toEqual(['aa_one', 'aa_three'])
    expect((await page('aa_three', 500))[0]).toBe('aa_two')
    expect(await page('zz', 10)).toEqual([])
  })

  test('pages versions, the newest first', async () => {
    const code = newCode()
    await make(code)
    await rename(code, 'second')
    await rename(code, 'third')
    const page = async (before: number | undefined, limit: number) =>
      (await listTemplateVersions(postgres.db, code, { before, limit })).map(
        ({ version }) => version,
      )
    expect(await page(undefined, 2)).toEqual([3, 2])
    expect(await page(2, 2)).toEqual([1])
    expect(await page(1, 2)).toEqual([])
  })

  describe('at once', () => {
    test('eight that make one new code: one does, the others see it', async () => {
      const code = newCode()
      const made = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          changeTemplate(postgres.db, { code, author: String(n) }, (current) =>
            current ? undefined : draft,
          ),
        ),
      )
      expect(made.filter((template) => template !== undefined)).toHaveLength(1)
      expect(await versionsOf(code)).toEqual([1])
    })

    test('eight that add a variant each: all are in the last version', async () => {
      const code = newCode()
      const names = Array.from({ length: 8 }, (_, n) => `V${n}`)
      const made = await Promise.all(
        names.map((name) =>
          changeTemplate(postgres.db, { code, author: null }, (current) => ({
            ...draft,
            variants: [...(current?.variants ?? []), { ...variant, variant: name }],
          })),
        ),
      )
      expect(made.map((template) => template?.version).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const last = await findTemplate(postgres.db, code)
      expect(last?.variants.map((each) => each.variant)).toEqual(names)
    })

    test('a change that is under way never brings back what is deleted meanwhile', async () => {
      const rounds = Array.from({ length: 20 }, newCode)
      await Promise.all(
        rounds.map(async (code) => {
          await make(code)
          const [, deleted] = await Promise.all([
            rename(code, 'new'),
            deleteTemplate(postgres.db, code, NOW),
          ])
          expect({ code, deleted, left: await findTemplate(postgres.db, code) }).toEqual({
            code,
            deleted: true,
            left: undefined,
          })
        }),
      )
    })
  })
})
