import { beforeAll, expect, test } from '@jest/globals'
import { PreviewResponse } from '@sms-gateway/contracts/template-preview'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import type { Admin } from './support.ts'
import { REGISTERED_URL, SMS, startAdmin } from './support.ts'

const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

let count = 0
async function make(content: string, change: Record<string, unknown> = {}): Promise<string> {
  count += 1
  const code = `preview_${count}`
  await add(code, content, change)
  return code
}

async function add(code: string, content: string, change: Record<string, unknown> = {}) {
  const body = { code, name: 'x', content, ...change }
  expect((await admin.api.call(`${SMS}/templates`, { body })).status).toBe(201)
}

const ask = (code: string, body?: unknown) =>
  admin.api.call(`${SMS}/templates/${code}/preview`, { method: 'POST', body })

async function preview(code: string, body?: unknown): Promise<PreviewResponse> {
  const answer = await ask(code, body)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return PreviewResponse.parse(answer.json)
}

test('shows the text as it leaves, its segments, and what it costs at each provider', async () => {
  const data = { order_id: 'A-1', amount: 250 }
  expect(await preview('payment_reminder', { template_data: data })).toEqual({
    code: 'payment_reminder',
    version: 1,
    variant: 'A',
    message: '【幸福氣】提醒您，訂單 A-1 尚有款項新台幣 250 元未付，謝謝您！',
    encoding: 'UCS-2',
    segments: 1,
    ucs2_characters: [...new Set('【幸福氣】提醒您，訂單尚有款項新台幣元未付謝！')],
    cost: [
      { provider: 'twilio', amount: '0.50', currency: 'TWD' },
      { provider: 'chunghwa', amount: '0.70', currency: 'TWD' },
    ],
    warnings: [],
    smart_encoding: null,
    others: [],
  })
})

test('shows a text that is not stored, of a template that there is not', async () => {
  const draft = { content: '{name} 您好', template_data: { name: '張三' } }
  expect(await preview('not_yet', draft)).toMatchObject({
    code: 'not_yet',
    version: null,
    variant: null,
    message: '【幸福氣】張三 您好',
    segments: 1,
    others: [],
  })
  expectProblem(await ask('not_yet', { content: '{name}' }), 422, 'template-variables-missing')
  expectProblem(await ask('not_yet', {}), 404, 'no-such-template')
})

test('prices every segment', async () => {
  const code = await make('{text}{text}')
  const { segments, cost } = await preview(code, { template_data: { text: '氣'.repeat(100) } })
  expect(segments).toBe(4)
  expect(cost.map(({ amount }) => amount)).toEqual(['2.00', '2.80'])
})

test('warns of what carriers block, and says that it put the name in front', async () => {
  const code = await make('{id} {link}')
  const codesOf = async (id: string, link: string) =>
    (await preview(code, { template_data: { id, link } })).warnings.map((each) => each.code)
  expect(await codesOf('1234567890', 'https://evil.example/x')).toEqual([
    'identity-added',
    'ten-digits',
    'unregistered-link',
  ])
  expect(await codesOf('A1', `${REGISTERED_URL}/x`)).toEqual(['identity-added'])
  expect(await codesOf('【幸福氣】', 'x')).toEqual([])
  const { message } = await preview(code, { template_data: { id: 'A1', link: 'x' } })
  expect(message).toBe('【幸福氣】A1 x')
})

test('names all values that are missing at once, in order, and repeats none that was given', async () => {
  const code = await make('{b} {a|x} {c} {b} {d}')
  for (const body of [undefined, {}, { template_data: { c: 'secret', d: '\u202e ' } }]) {
    const answer = await ask(code, body)
    const { errors, detail } = expectProblem(answer, 422, 'template-variables-missing')
    const names = body?.template_data ? ['b', 'd'] : ['b', 'c', 'd']
    expect(errors?.map(({ path }) => path)).toEqual(names.map((name) => `template_data.${name}`))
    expect(detail).toContain(names.join(', '))
    expect(answer.text).not.toContain('secret')
  }
})

test('takes the variant and the version that are asked for, else the one that most people get', async () => {
  const code = await make('light', { weight: 10 })
  await add(code, 'heavy', { variant: 'B', weight: 90 })
  await add(code, 'off', { variant: 'C', weight: 100, active: false })
  expect(await preview(code)).toMatchObject({ version: 3, variant: 'B' })
  expect(await preview(code, { variant: 'A' })).toMatchObject({ message: '【幸福氣】light' })
  expect(await preview(code, { variant: 'C' })).toMatchObject({ message: '【幸福氣】off' })
  expect(await preview(code, { version: 1 })).toMatchObject({ version: 1, variant: 'A' })
  for (const body of [{ variant: 'D' }, { version: 4 }, { version: 1, variant: 'B' }]) {
    expectProblem(await ask(code, body), 404, 'no-such-template')
  }
})

test('shows the other variants beside the one that most get, so that they can be compared', async () => {
  const code = await make('long {text} {text}', { weight: 90 })
  await add(code, 'short {text}', { variant: 'B', weight: 10 })
  await add(code, 'another {name}', { variant: 'C', weight: 0 })
  const body = { template_data: { text: '氣'.repeat(40) } }
  const { variant, segments, others } = await preview(code, body)
  expect({ variant, segments }).toEqual({ variant: 'A', segments: 2 })
  expect(others).toEqual([
    { variant: 'B', missing: [], preview: expect.objectContaining({ segments: 1 }) },
    { variant: 'C', missing: ['name'], preview: null },
  ])
  expect(await preview(code, { ...body, variant: 'B' })).toMatchObject({ segments: 1, others: [] })
})

test.each([false, true])(
  'says what smart encoding replaces and saves; it does so when it is on: %s',
  async (smartEncoding) => {
    const latin = await startAdmin(cleanUp, {
      previewRules: { companyName: 'LUCKY GAS', smartEncoding },
    })
    const body = { code: 'latin', name: 'x', content: `“${'a'.repeat(80)}”…` }
    expect((await latin.api.call(`${SMS}/templates`, { body })).status).toBe(201)
    const path = `${SMS}/templates/latin/preview`
    const shown = PreviewResponse.parse((await latin.api.call(path, { body: {} })).json)
    const cheaper = `[LUCKY GAS]"${'a'.repeat(80)}"...`
    expect(shown).toMatchObject({
      message: smartEncoding ? cheaper : `【LUCKY GAS】${body.content}`,
      segments: smartEncoding ? 1 : 2,
      ucs2_characters: smartEncoding ? [] : ['【', '】', '“', '”', '…'],
    })
    expect(shown.smart_encoding).toEqual({
      applied: smartEncoding,
      message: cheaper,
      segments: 1,
      saved_segments: 1,
      replaced: [
        { from: '【', to: '[' },
        { from: '】', to: ']' },
        { from: '“', to: '"' },
        { from: '”', to: '"' },
        { from: '…', to: '...' },
      ],
    })
  },
)

test('warns of a text that would be refused', async () => {
  const code = await make('{a}{a}{a}{a}{a}')
  const { segments, warnings } = await preview(code, {
    template_data: { a: '氣'.repeat(150) },
  })
  expect(segments).toBe(12)
  expect(warnings.map((each) => each.code)).toEqual(['identity-added', 'text-too-long'])
})

test('logs neither values nor texts', async () => {
  const code = await make('{name} 您好')
  await preview(code, { template_data: { name: '秘密的名字' } })
  expect(admin.log.length).toBeGreaterThan(0)
  expect(admin.log.join('')).not.toContain('秘密')
})
