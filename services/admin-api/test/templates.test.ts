import { beforeAll, describe, expect, test } from '@jest/globals'
import {
  TemplateDiffResponse,
  TemplateResponse,
  TemplatesResponse,
} from '@sms-gateway/contracts/templates'
import type { CallOptions } from '../../all-in-one/test-support/api.ts'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import type { Admin } from './support.ts'
import { SMS, startAdmin } from './support.ts'

const TEMPLATES = `${SMS}/templates`
const GOOD = { name: '新模板', content: '【幸福氣】{content}' }

const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

let count = 0
/** Nobody else in this file has it. */
function newCode(): string {
  count += 1
  return `new_template_${count}`
}

const call = (path: string, options?: CallOptions) => admin.api.call(`${TEMPLATES}${path}`, options)
const put = (code: string, body: unknown) => call(`/${code}`, { method: 'PUT', body })

async function create(body: Record<string, unknown>): Promise<TemplateResponse> {
  const answer = await call('', { body: { ...GOOD, ...body } })
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 })
  return TemplateResponse.parse(answer.json)
}

async function read(path: string, options?: CallOptions): Promise<TemplateResponse> {
  const answer = await call(path, options)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return TemplateResponse.parse(answer.json)
}

async function list(query = ''): Promise<TemplatesResponse> {
  const answer = await call(query)
  expect(answer.status).toBe(200)
  return TemplatesResponse.parse(answer.json)
}

test.each([
  [
    'order_confirmation',
    '訂單確認',
    { A: ['order_id', 'delivery_time'], B: ['order_id', 'delivery_time'] },
  ],
  ['out_for_delivery', '配送中通知', { A: ['eta'] }],
  ['delivery_completed', '配送完成', { A: ['order_id'] }],
  ['payment_reminder', '付款提醒', { A: ['order_id', 'amount'] }],
])('%s comes with the gateway', async (code, name, required) => {
  const template = await read(`/${code}`)
  expect(template).toMatchObject({ code, name, version: 1, language: 'zh-TW', author: null })
  const found = template.variants.map(({ variant, required_variables: names }) => [variant, names])
  expect(Object.fromEntries(found)).toEqual(required)
  for (const { active, weight, content } of template.variants) {
    expect({ active, weight }).toEqual({
      active: true,
      weight: code === 'order_confirmation' ? 50 : 100,
    })
    expect(content).toMatch(/^【幸福氣】/)
  }
})

describe('making', () => {
  test('as the guide does it', async () => {
    const code = newCode()
    const body = { code, ...GOOD, variant: 'A', weight: 100 }
    const before = Date.now()
    const made = await create(body)
    expect(made).toEqual({
      code,
      version: 1,
      name: '新模板',
      language: 'zh-TW',
      author: admin.keyId,
      created_at: expect.any(String),
      variants: [
        {
          variant: 'A',
          content: '【幸福氣】{content}',
          weight: 100,
          active: true,
          variables: ['content'],
          required_variables: ['content'],
        },
      ],
    })
    expect(Date.parse(made.created_at)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(made.created_at)).toBeLessThanOrEqual(Date.now())
    expect(await read(`/${code}`)).toEqual(made)
  })

  test('a second variant, which is a new version in the language of the first', async () => {
    const code = newCode()
    await create({ code, language: 'en', content: '{a} {b|none} {a}' })
    const made = await create({ code, variant: 'B', weight: 0, active: false, content: 'x {c}' })
    expect(made).toMatchObject({ version: 2, language: 'en' })
    expect(made.variants).toMatchObject([
      { variant: 'A', variables: ['a', 'b'], required_variables: ['a'], weight: 100 },
      { variant: 'B', variables: ['c'], required_variables: ['c'], weight: 0, active: false },
    ])
  })

  test('of what is there is 409, also when eight do it at once', async () => {
    const code = newCode()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call('', { body: { code, ...GOOD } })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)])
    const refused = answers.find(({ status }) => status === 409)
    if (refused) expectProblem(refused, 409, 'template-exists')
    expect(await read(`/${code}`)).toMatchObject({ version: 1 })
  })
})

describe('changing', () => {
  test('is a new version each time, which history, diff and rollback know', async () => {
    const code = newCode()
    const first = await create({ code })
    const second = await read(`/${code}`, {
      method: 'PUT',
      body: { variant: 'A', content: '【幸福氣】您好 {content}', weight: 10 },
    })
    expect(second).toMatchObject({ version: 2, name: '新模板', variants: [{ weight: 10 }] })
    const third = await read(`/${code}`, {
      method: 'PUT',
      body: { variant: 'A', name: 'x', active: false },
    })
    expect(third).toMatchObject({
      version: 3,
      name: 'x',
      variants: [{ weight: 10, active: false }],
    })
    expect(await list(`/${code}/versions`)).toEqual({
      data: [third, second, first],
      next_cursor: null,
    })

    const diff = await call(`/${code}/diff?from=1&to=3`)
    expect(TemplateDiffResponse.parse(diff.json)).toEqual({
      code,
      from: 1,
      to: 3,
      changes: [
        { variant: null, field: 'name', before: '新模板', after: 'x' },
        {
          variant: 'A',
          field: 'content',
          before: '【幸福氣】{content}',
          after: '【幸福氣】您好 {content}',
        },
        { variant: 'A', field: 'weight', before: 100, after: 10 },
        { variant: 'A', field: 'active', before: true, after: false },
      ],
    })

    const fourth = await read(`/${code}/rollback`, { body: { version: 1 } })
    expect(fourth).toMatchObject({ version: 4, name: first.name, variants: first.variants })
    expect(await read(`/${code}`)).toEqual(fourth)
    const same = await call(`/${code}/diff?from=4&to=1`)
    expect(TemplateDiffResponse.parse(same.json).changes).toEqual([])
  })

  test('by two at once gives two versions, and loses neither change', async () => {
    const code = newCode()
    await create({ code })
    const answers = await Promise.all([
      put(code, { variant: 'A', weight: 7 }),
      put(code, { variant: 'A', name: 'renamed' }),
    ])
    const versions = answers.map(({ json }) => TemplateResponse.parse(json).version)
    expect(versions.toSorted()).toEqual([2, 3])
    expect(await read(`/${code}`)).toMatchObject({
      version: 3,
      name: 'renamed',
      variants: [{ weight: 7 }],
    })
  })

  test('of all at once is one version, and of two who began with the same one gets 409', async () => {
    const code = newCode()
    const variants = [
      { variant: 'A', content: '【幸福氣】{x}', weight: 30, active: true },
      { variant: 'B', content: '【幸福氣】{y}', weight: 70, active: true },
    ]
    const replace = (body: Record<string, unknown>) =>
      call(`/${code}/variants`, {
        method: 'PUT',
        body: { name: '兩種', language: 'zh-TW', variants, ...body },
      })
    const made = await replace({ version: 0 })
    expect(made.status).toBe(200)
    expect(made.json).toMatchObject({ code, version: 1, name: '兩種', variants })
    expectProblem(await replace({ version: 0 }), 409, 'template-changed')

    const both = await Promise.all([1, 2].map(() => replace({ version: 1, language: 'en' })))
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(await read(`/${code}`)).toMatchObject({ version: 2, language: 'en', variants })

    const twice = [...variants, ...variants]
    expectProblem(await replace({ version: 2, variants: twice }), 400, 'invalid-request')
    expectProblem(await replace({ version: 2, variants: [] }), 400, 'invalid-request')
  })

  test('of what is not there is 404', async () => {
    const code = newCode()
    expectProblem(await put(code, { variant: 'A' }), 404, 'no-such-template')
    await create({ code })
    expectProblem(await put(code, { variant: 'B' }), 404, 'no-such-template')
    expectProblem(
      await call(`/${code}/rollback`, { body: { version: 9 } }),
      404,
      'no-such-template',
    )
    expect(await read(`/${code}`)).toMatchObject({ version: 1 })
  })
})

test('deletes, and goes on with the versions of one that is made again', async () => {
  const code = newCode()
  await create({ code })
  const gone = await call(`/${code}`, { method: 'DELETE' })
  expect(gone).toMatchObject({ status: 204, text: '' })
  for (const [path, options] of [
    [`/${code}`, {}],
    [`/${code}`, { method: 'DELETE' }],
    [`/${code}`, { method: 'PUT', body: { variant: 'A' } }],
    [`/${code}/preview`, { body: {} }],
    [`/${code}/rollback`, { body: { version: 1 } }],
  ] as const) {
    expectProblem(await call(path, options), 404, 'no-such-template')
  }
  expect((await list('?limit=500')).data.map((each) => each.code)).not.toContain(code)

  expect(await create({ code, variant: 'A', content: 'again' })).toMatchObject({
    version: 2,
    variants: [{ variant: 'A', content: 'again' }],
  })
  expect((await list(`/${code}/versions`)).data.map(({ version }) => version)).toEqual([2, 1])
})

describe('the list', () => {
  test('is by code, and its pages together are all of it', async () => {
    const codes = [newCode(), newCode(), newCode()]
    await Promise.all(codes.map((code) => create({ code })))
    const whole = (await list('?limit=500')).data.map(({ code }) => code)
    expect(whole).toEqual(expect.arrayContaining([...codes, 'order_confirmation']))
    expect(whole).toEqual(whole.toSorted())

    const paged: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: TemplatesResponse = await list(
        `?limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      expect(page.data.length).toBeLessThanOrEqual(2)
      paged.push(...page.data.map(({ code }) => code))
      cursor = page.next_cursor
    }
    expect(paged).toEqual(whole)
  })

  test('is searched by code and name, and by whether a message could have one', async () => {
    const [sent, idle] = [newCode(), newCode()]
    await create({ code: sent, name: 'Spring 100% Sale' })
    await create({ code: idle, name: '春季 sale', weight: 0 })
    const find = async (query: string) => (await list(query)).data.map(({ code }) => code)
    expect(await find('?search=SALE')).toEqual([sent, idle].toSorted())
    expect(await find(`?search=${sent}`)).toContain(sent)
    expect(await find('?search=100%25')).toEqual([sent])
    expect(await find('?search=sale&active=true')).toEqual([sent])
    expect(await find('?search=sale&active=false')).toEqual([idle])
    expectProblem(await call('?active=maybe'), 400, 'invalid-request')
  })

  test('of versions is newest first, and its pages together are all of it', async () => {
    const code = newCode()
    await create({ code })
    for (const weight of [1, 2, 3, 4]) await put(code, { variant: 'A', weight })
    const first = await list(`/${code}/versions?limit=2`)
    expect(first.data.map(({ version }) => version)).toEqual([5, 4])
    const second = await list(`/${code}/versions?limit=2&cursor=${first.next_cursor}`)
    expect(second.data.map(({ version }) => version)).toEqual([3, 2])
    const third = await list(`/${code}/versions?limit=2&cursor=${second.next_cursor}`)
    expect(third).toMatchObject({ data: [{ version: 1 }], next_cursor: null })
    for (const query of ['cursor=x', 'cursor=0', 'cursor=99999999999', 'limit=0']) {
      expectProblem(await call(`/${code}/versions?${query}`), 400, 'invalid-request')
    }
  })

  test('takes a limit over 500 for 500', async () => {
    expect((await list('?limit=100000')).next_cursor).toBeNull()
  })

  test.each([
    'limit=0',
    'limit=-1',
    'limit=x',
    'limit=1.5',
    'limit=1&limit=2',
    'cursor=%00',
    'cursor=',
  ])('answers 400 to %s', async (query) => {
    expectProblem(await call(`?${query}`), 400, 'invalid-request')
  })
})

describe('answers 400 to', () => {
  test.each([
    ['no code', { code: undefined }, 'code'],
    ['a code in capitals', { code: 'WELCOME' }, 'code'],
    ['a code of 51 letters', { code: 'a'.repeat(51) }, 'code'],
    ['no name', { name: undefined }, 'name'],
    ['a blank name', { name: '  ' }, 'name'],
    ['no content', { content: undefined }, 'content'],
    ['blank content', { content: ' \n' }, 'content'],
    ['content of 2,001 characters', { content: 'x'.repeat(2_001) }, 'content'],
    ['NUL in the content', { content: 'a\0b' }, 'content'],
    ['a variant with blanks', { variant: 'A B' }, 'variant'],
    ['a weight below 0', { weight: -1 }, 'weight'],
    ['a weight of a half', { weight: 0.5 }, 'weight'],
    ['a weight over 10,000', { weight: 10_001 }, 'weight'],
    ['active as a word', { active: 'yes' }, 'active'],
    ['a language that is none', { language: 'Chinese' }, 'language'],
    ['an unknown field', { wieght: 1 }, 'wieght'],
  ])('a new template with %s', async (_, change, path) => {
    const answer = await call('', { body: { code: newCode(), ...GOOD, ...change } })
    const { errors } = expectProblem(answer, 400, 'invalid-request')
    expect(errors?.map((error) => error.path)).toEqual([path])
  })

  test.each([
    ['a change that names no variant', 'PUT', '', { weight: 1 }],
    ['a change of the code', 'PUT', '', { variant: 'A', code: 'other' }],
    ['a change to no content', 'PUT', '', { variant: 'A', content: '' }],
    ['a change that is none', 'PUT', '', undefined],
    ['a rollback to no version', 'POST', '/rollback', {}],
    ['a rollback to version 0', 'POST', '/rollback', { version: 0 }],
    ['a rollback to a version beyond all', 'POST', '/rollback', { version: 2 ** 31 }],
    ['a preview of a version beyond all', 'POST', '/preview', { version: 2 ** 31 }],
    ['a preview with a list', 'POST', '/preview', { template_data: ['x'] }],
    ['a preview with a value that is a list', 'POST', '/preview', { template_data: { a: [] } }],
    ['a preview with an unknown field', 'POST', '/preview', { data: {} }],
  ])('%s', async (_, method, path, body) => {
    const answer = await call(`/order_confirmation${path}`, { method, body })
    expectProblem(answer, 400, 'invalid-request')
    expect(await read('/order_confirmation')).toMatchObject({ version: 1 })
  })
})

test.each([
  '/nothing',
  '/nothing/versions',
  '/nothing/diff?from=1&to=1',
  '/ORDER_CONFIRMATION',
  '/%00',
  '/%00/versions',
  "/'%20or%20true--",
  '/order_confirmation/diff',
  '/order_confirmation/diff?from=1&to=2',
  '/order_confirmation/diff?from=x&to=1',
  '/order_confirmation/diff?from=1&to=99999999999',
])('answers 404 to %s', async (path) => {
  expectProblem(await call(path), 404, 'no-such-template')
})

test('asks for the scope: read to look, templates to change', async () => {
  const [reader, writer] = await Promise.all([
    addApiKey(admin.stores, { scopes: ['read'] }),
    addApiKey(admin.stores, { scopes: ['templates', 'send', 'operate', 'admin'] }),
  ])
  const code = newCode()
  await create({ code })
  const looks = [
    ['', {}],
    [`/${code}`, {}],
    [`/${code}/versions`, {}],
    [`/${code}/diff?from=1&to=1`, {}],
    [`/${code}/preview`, { body: { template_data: { content: 'x' } } }],
  ] as const
  for (const [path, options] of looks) {
    expect((await call(path, { ...options, key: reader })).status).toBe(200)
    expectProblem(await call(path, { ...options, key: writer }), 403, 'forbidden')
  }
  const changes = [
    ['', { body: { code, ...GOOD, variant: 'B' } }],
    [`/${code}`, { method: 'PUT', body: { variant: 'A', weight: 1 } }],
    [`/${code}/rollback`, { body: { version: 1 } }],
    [`/${code}`, { method: 'DELETE' }],
  ] as const
  for (const [path, options] of changes) {
    expectProblem(await call(path, { ...options, key: null }), 401, 'unauthorized')
    expectProblem(await call(path, { ...options, key: reader }), 403, 'forbidden')
    expect((await call(path, { ...options, key: writer })).status).toBeLessThan(300)
  }
})
