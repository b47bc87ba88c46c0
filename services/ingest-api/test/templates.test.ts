import { randomInt, randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { changeTemplate, deleteTemplate } from '@sms-gateway/db/change-template'
import type { Db } from '@sms-gateway/db/connect'
import { connectDatabase } from '@sms-gateway/db/connect'
import { startExperiment } from '@sms-gateway/db/experiments'
import type { TemplateVariant } from '@sms-gateway/domain/template-version'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { until } from '../../all-in-one/test-support/until.ts'

const SEND = '/api/v1/sms/send'

interface Row {
  template_code: string | null
  template_version: number | null
  variant: string | null
}

// Templates are in PostgreSQL, wherever the queue is: one backend is enough.
const cleanUp = cleanUpAfterAll()
let ingest: Ingest
let db: Db
beforeAll(async () => {
  ingest = await startIngest('postgres', cleanUp)
  db = connectDatabase({ url: ingest.stores.databaseUrl, poolSize: 2 })
  cleanUp(() => db.destroy())
})

let count = 0
/** The next version of a template; of a new one without a code. */
async function publish(
  variants: readonly (Partial<TemplateVariant> & { content: string })[],
  code = `sent_${++count}`,
): Promise<string> {
  const defaults = { variant: 'A', weight: 100, active: true }
  await changeTemplate(db, { code, author: null }, () => ({
    name: 'x',
    language: 'zh-TW',
    variants: variants.map((variant) => ({ ...defaults, ...variant })),
  }))
  return code
}

interface Sending {
  code: string
  data?: Record<string, string | number>
  phone?: string
  headers?: Record<string, string>
}

const post = ({ code, data, phone = newPhone().local, headers = {} }: Sending) =>
  ingest.api.call(SEND, {
    body: {
      phone,
      template_code: code,
      ...(data && { template_data: data }),
      message_type: 'order_confirmation',
    },
    headers,
  })

async function send(sending: Sending): Promise<MessageResponse> {
  const answer = await post(sending)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 202 })
  return MessageResponse.parse(answer.json)
}

async function readRow(id: string): Promise<Row | undefined> {
  const [row] = await ingest.stores.query<Row>(
    'select template_code, template_version, variant from message where id = $1',
    [id],
  )
  return row
}

test('sends the text that the template makes, and says which it was', async () => {
  const data = { order_id: 'ORD123', delivery_time: '14:30' }
  const message = await send({ code: 'order_confirmation', data })
  const texts: Record<string, string> = {
    A: '【幸福氣】您好，已收到您的訂單 ORD123，預計 14:30 送達，請留意家中是否有人。感謝您的訂購！',
    B: '【幸福氣】訂單 ORD123 已確認，14:30 送達。',
  }
  expect(message).toMatchObject({
    status: 'queued',
    template_code: 'order_confirmation',
    variant: expect.stringMatching(/^[AB]$/),
    message: texts[message.variant ?? ''],
    encoding: 'UCS-2',
    segments: 1,
    cost: { amount: '0.50', currency: 'TWD' },
  })
  expect(await ingest.api.find(message.id)).toMatchObject({
    template_code: 'order_confirmation',
    variant: message.variant,
    message: message.message,
  })
})

test('a text without a template names none', async () => {
  const message = await ingest.api.send({ phone: newPhone().local, message: 'hello' })
  expect(message).toMatchObject({ template_code: null, variant: null })
  expect(await readRow(message.id)).toEqual({
    template_code: null,
    template_version: null,
    variant: null,
  })
})

test('a message keeps the version that made it, whatever comes after', async () => {
  const code = await publish([{ content: 'first {a}' }])
  const first = await send({ code, data: { a: 1 } })
  await publish([{ content: 'second {a}', variant: 'B' }], code)
  const second = await until('the new version is in force', async () => {
    const message = await send({ code, data: { a: 1 } })
    return message.variant === 'B' && message
  })
  expect(second.message).toBe('【幸福氣】second 1')
  expect(await readRow(first.id)).toEqual({
    template_code: code,
    template_version: 1,
    variant: 'A',
  })
  expect(await readRow(second.id)).toMatchObject({ template_version: 2, variant: 'B' })
  expect((await ingest.api.find(first.id)).message).toBe('【幸福氣】first 1')
})

describe('a variant', () => {
  test('is always the same for the same person, however the number is written', async () => {
    const code = await publish([
      { content: 'a', weight: 50 },
      { content: 'b', variant: 'B', weight: 50 },
    ])
    for (const subscriber of ['912000001', '912000002', '912000003', '912000004']) {
      const forms = [
        `0${subscriber}`,
        `+886${subscriber}`,
        `0${subscriber.slice(0, 3)}-${subscriber.slice(3)}`,
      ]
      const messages = await Promise.all(
        Array.from({ length: 15 }, (_, n) => send({ code, phone: forms[n % 3] ?? '' })),
      )
      expect(new Set(messages.map(({ variant }) => variant)).size).toBe(1)
    }
  })

  test('is given to 2,000 numbers by weight, within five sigma', async () => {
    const code = await publish([
      { content: 'a', weight: 50 },
      { content: 'b', variant: 'B', weight: 50 },
      { content: 'c', variant: 'C', weight: 0 },
      { content: 'd', variant: 'D', weight: 500, active: false },
    ])
    const phones = new Set<string>()
    while (phones.size < 2_000) phones.add(`09${randomInt(10_000_000, 99_999_999)}`)
    const waiting = [...phones]
    const counts: Record<string, number> = {}
    const sendNext = async () => {
      for (let phone = waiting.pop(); phone; phone = waiting.pop()) {
        const { variant } = await send({ code, phone })
        counts[variant ?? ''] = (counts[variant ?? ''] ?? 0) + 1
      }
    }
    await Promise.all(Array.from({ length: 20 }, sendNext))
    expect(Object.keys(counts).toSorted()).toEqual(['A', 'B'])
    const sigma = Math.sqrt(2_000 * 0.5 * 0.5)
    expect(Math.abs((counts['A'] ?? 0) - 1_000)).toBeLessThan(5 * sigma)
  })
})

describe('refuses', () => {
  const refuse = async (sending: Sending, code: string) => {
    const before = await ingest.countMessages()
    const answer = await post(sending)
    const problem = expectProblem(answer, 422, code)
    expect(await ingest.countMessages()).toBe(before)
    return { problem, text: answer.text }
  }

  test('a template whose values are missing, and names all of them', async () => {
    const code = await publish([{ content: '{b} {a|none} {c} {b} {d}' }])
    for (const [data, names] of [
      [undefined, ['b', 'c', 'd']],
      [{ c: 'secret', a: '1' }, ['b', 'd']],
      [{ b: '', c: ' \t', d: '\u200b\u0007' }, ['b', 'c', 'd']],
    ] as const) {
      const { problem, text } = await refuse(
        { code, ...(data && { data }) },
        'template-variables-missing',
      )
      expect(problem.errors?.map(({ path }) => path)).toEqual(
        names.map((name) => `template_data.${name}`),
      )
      expect(problem.detail).toContain(names.join(', '))
      expect(text).not.toContain('secret')
    }
  })

  test('a template that is not there, is deleted, or has no variant to send', async () => {
    await refuse({ code: 'nothing' }, 'template-not-found')
    const inactive = await publish([
      { content: 'a', active: false },
      { content: 'b', variant: 'B', weight: 0 },
    ])
    await refuse({ code: inactive }, 'template-not-found')
    const deleted = await publish([{ content: 'a' }])
    await send({ code: deleted })
    await deleteTemplate(db, deleted, new Date())
    await until('it is gone', async () => (await post({ code: deleted })).status === 422)
    await refuse({ code: deleted }, 'template-not-found')
  })

  test('what takes over ten segments once the values are in it', async () => {
    const code = await publish([{ content: '{a}{a}{a}{a}' }])
    await refuse({ code, data: { a: '氣'.repeat(170) } }, 'text-too-long')
    expect(await send({ code, data: { a: '氣'.repeat(165) } })).toMatchObject({ segments: 10 })
  })

  test('what says nothing once the values are in it', async () => {
    const code = await publish([{ content: '{a|} {b|}' }])
    await refuse({ code }, 'text-empty')
  })

  test.each([
    ['a value that is a list', { template_code: 'order_confirmation', template_data: { a: [] } }],
    ['a value that is true', { template_code: 'order_confirmation', template_data: { a: true } }],
    [
      'a value of 1,001 characters',
      { template_code: 'x', template_data: { a: 'x'.repeat(1_001) } },
    ],
    ['a name of 51 characters', { template_code: 'x', template_data: { ['a'.repeat(51)]: 'x' } }],
    ['a code in capitals', { template_code: 'ORDER' }],
  ])('%s with 400', async (_, change) => {
    const body = { phone: newPhone().local, message_type: 'otp', ...change }
    expectProblem(await ingest.api.call(SEND, { body }), 400, 'invalid-request')
  })
})

describe('a value', () => {
  test.each([
    ['line breaks', 'a\r\nb\u2028c', 'a b c'],
    ['tabs', 'a\tb\t\t c', 'a b c'],
    ['a blank at the cut', `${'x'.repeat(199)} yy`, 'x'.repeat(199)],
    ['control characters', 'a\u0007b\u001b[31m', 'ab[31m'],
    ['bidi controls', '\u202e\u2066 1 \u2069', '1'],
    ['what has no width', 'a\u200bb\ufeff', 'ab'],
    ['many blanks', '  a   b ', 'a b'],
    ['placeholders', '{b} {b|x} {{b}} ${b}', '{b} {b|x} {{b}} ${b}'],
    ['patterns of replace', "$& $1 $' $$", "$& $1 $' $$"],
    ['markup', '<b>&amp;</b> %s', '<b>&amp;</b> %s'],
  ])('with %s is cleaned, and never read as a template', async (_, given, shown) => {
    const code = await publish([{ content: '[{a}] {b}' }])
    const { message } = await send({ code, data: { a: given, b: 'B' } })
    expect(message).toBe(`【幸福氣】[${shown}] B`)
  })

  test('is cut at 200 characters, and may be a number', async () => {
    const code = await publish([{ content: '{a} {n}' }])
    const { message } = await send({ code, data: { a: '氣'.repeat(300), n: 12.5 } })
    expect(message).toBe(`【幸福氣】${'氣'.repeat(200)} 12.5`)
  })

  test('that the template does not ask for is left out', async () => {
    const code = await publish([{ content: '{name|您} 好' }])
    const { message } = await send({ code, data: { other: 'x', constructor: 'y' } })
    expect(message).toBe('【幸福氣】您 好')
  })

  test('brings the warnings that its text earns', async () => {
    const code = await publish([{ content: '單號 {id}' }])
    const { warnings } = await send({ code, data: { id: '1234567890' } })
    expect(warnings.map((warning) => warning.code)).toEqual(['ten-digits'])
  })
})

test('a repeat under the same key gets the first answer, also when the template is gone', async () => {
  const code = await publish([{ content: 'hello' }])
  const sending = { code, phone: newPhone().local, headers: { 'idempotency-key': randomUUID() } }
  const first = await post(sending)
  expect(first.status).toBe(202)
  await deleteTemplate(db, code, new Date())
  await until('it is gone', async () => (await post({ code })).status === 422)
  const before = await ingest.countMessages()
  expect(await post(sending)).toMatchObject({ status: 202, text: first.text })
  expectProblem(await post({ ...sending, data: { a: 1 } }), 409, 'idempotency-key-reused')
  expect(await ingest.countMessages()).toBe(before)
})

test('neither values nor texts are in the log or in the queue', async () => {
  const code = await publish([{ content: '{name} 您好' }])
  await send({ code, data: { name: '秘密的名字' } })
  const kept = `${ingest.process.output()}${await ingest.stores.dumpQueue()}`
  expect(kept).not.toContain('秘密')
})

test('a test that holds people out keeps marketing from them, and nothing else', async () => {
  const code = await publish([
    { content: 'text A', weight: 50 },
    { content: 'text B', variant: 'B', weight: 50 },
  ])
  const id = '01a00000-0000-7000-8000-000000000001'
  await startExperiment(db, code, () => ({
    id,
    metric: 'delivered',
    holdOut: 0.5,
    holdOutGets: 'nothing',
    control: 'B',
    alpha: 0.05,
    windowHours: 24,
    autoPromote: false,
    author: 'me',
    startedAt: new Date(),
  }))
  const body = (phone: string, type: string) => ({
    phone,
    template_code: code,
    message_type: type,
  })
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const phone = newPhone().local
      const [marketing, order] = await Promise.all(
        ['promotion', 'order_confirmation'].map(async (type) =>
          MessageResponse.parse((await ingest.api.call(SEND, { body: body(phone, type) })).json),
        ),
      )
      const [row] = await ingest.stores.query<{ held_out: boolean; experiment_id: string }>(
        'select held_out, experiment_id from message where id = $1',
        [marketing?.id],
      )
      return { marketing, order, row }
    }),
  )
  for (const { marketing, order, row } of outcomes) {
    expect(row?.experiment_id).toBe(id)
    expect(order).toMatchObject({ status: 'queued', error: null, variant: marketing?.variant })
    if (row?.held_out) {
      expect(marketing).toMatchObject({
        status: 'suppressed',
        error: { code: 'hold-out' },
        variant: 'B',
      })
    } else expect(marketing).toMatchObject({ status: 'queued', error: null })
  }
  const held = outcomes.filter(({ row }) => row?.held_out).length
  expect(held).toBeGreaterThan(5)
  expect(held).toBeLessThan(35)
})
