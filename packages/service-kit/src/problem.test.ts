import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import express from 'express'
import { z } from 'zod'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { createHttpApp } from './http-server.ts'
import { createLogger } from './logger.ts'
import {
  HttpProblem,
  notFoundHandler,
  parseRequest,
  problemHandler,
  unavailable,
} from './problem.ts'
import { PROBLEMS } from './problem-codes.ts'

const lines: string[] = []
let server: TestServer
beforeAll(async () => {
  const app = createHttpApp()
  app.get('/messages/:id', () => {
    throw new HttpProblem('message-not-found', 'There is no such message.', {
      extra: { hint: 'look elsewhere', status: 999 },
    })
  })
  app.get('/crash/:phone', () => {
    throw new Error('the secret reason')
  })
  app.get('/odd', () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a library might
    throw 'a text'
  })
  app.get('/away', () => {
    throw unavailable('database-unavailable', 'Try again.', 1.2, new Error('pool'))
  })
  app.get('/half', (_req, res) => {
    res.write('half')
    throw new Error('too late')
  })
  app.post('/json', express.json({ limit: 100 }), (req, res) => {
    res.json(parseRequest(z.strictObject({ phone: z.string() }), req.body))
  })
  app.use(notFoundHandler)
  app.use(problemHandler(createLogger('test', 'info', { write: (line) => lines.push(line) })))
  server = await openApp(app)
})
afterAll(() => server.close())

const ask = async (path: string, init?: RequestInit) => {
  const res = await fetch(server.url + path, init)
  expect(res.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(res.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  return { res, status: res.status, body: await res.json() }
}
const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
  ask('/json', { method: 'POST', headers: { 'content-type': type }, body })

describe('problemHandler', () => {
  test('answers problem+json from the table, whatever the extra members say', async () => {
    const { status, body } = await ask('/messages/1')
    expect(status).toBe(404)
    expect(body).toEqual({
      type: '/docs/errors.md#message-not-found',
      title: 'No such message',
      status: 404,
      detail: 'There is no such message.',
      code: 'message-not-found',
      hint: 'look elsewhere',
    })
  })

  test.each(['/crash/0912345678', '/odd'])('gives no detail of a 500: %s', async (path) => {
    const { status, body } = await ask(path)
    expect(status).toBe(500)
    expect(body).toEqual({
      type: '/docs/errors.md#internal-error',
      title: 'Internal error',
      status: 500,
      code: 'internal-error',
    })
  })

  test('logs a 500 by the template of its route, never by its URL', async () => {
    lines.length = 0
    const { res } = await ask('/crash/0912345678')
    const [line = ''] = lines
    expect(JSON.parse(line)).toMatchObject({
      level: 50,
      route: '/crash/:phone',
      method: 'GET',
      requestId: res.headers.get('x-request-id'),
      err: { message: 'the secret reason' },
    })
    expect(line).not.toContain('0912345678')
  })

  test('says when to come again, and logs why', async () => {
    lines.length = 0
    const { res, status, body } = await ask('/away')
    expect([status, res.headers.get('retry-after')]).toEqual([503, '2'])
    expect(body).toMatchObject({ code: 'database-unavailable', detail: 'Try again.' })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, err: { message: 'pool' } })
  })

  test.each(['/nowhere', '/messages/1/2', '/'])('answers 404 to %s', async (path) => {
    const { status, body } = await ask(path)
    expect([status, body]).toMatchObject([404, { code: 'route-not-found' }])
  })

  test('answers 400 to a broken path', async () => {
    const { status, body } = await ask('/messages/%E0%A4%A')
    expect([status, body]).toMatchObject([400, { code: 'invalid-request' }])
  })

  test('cuts an answer that is half out', async () => {
    const read = async () => (await fetch(`${server.url}/half`)).text()
    await expect(read()).rejects.toThrow()
  })

  test.each([
    [
      'too large',
      JSON.stringify({ phone: 'x'.repeat(200) }),
      undefined,
      [413, { code: 'body-too-large' }],
    ],
    ['no JSON', '{"phone": "0912345678"', undefined, [400, { code: 'invalid-json' }]],
    ['charset', '{}', 'application/json; charset=x-unknown', [400, { code: 'invalid-json' }]],
  ])('reads the errors of the body parser: %s', async (_name, sent, type, expected) => {
    const { status, body } = await post(sent, type)
    expect([status, body]).toMatchObject(expected)
    expect(JSON.stringify(body)).not.toContain('0912345678')
  })
})

describe('parseRequest', () => {
  const Schema = z.strictObject({
    phone: z.string().max(5),
    kind: z.enum(['a', 'b']),
    at: z.iso.datetime({ offset: true }),
    list: z.array(z.object({ n: z.int() })).optional(),
  })

  const errorsOf = (input: unknown, schema: z.ZodType = Schema) => {
    try {
      parseRequest(schema, input)
    } catch (err) {
      if (err instanceof HttpProblem) return err.extra.errors ?? []
    }
    return []
  }

  test('gives the parsed value', () => {
    const at = '2026-01-01T00:00:00+08:00'
    expect(parseRequest(Schema, { phone: '1', kind: 'a', at })).toEqual({
      phone: '1',
      kind: 'a',
      at,
    })
  })

  test('names each wrong field by its path, and repeats no value', () => {
    const errors = errorsOf({
      phone: 'SECRET-VALUE',
      kind: 'SECRET-VALUE',
      at: 'SECRET-VALUE',
      list: [{ n: 1 }, { n: 'SECRET-VALUE' }],
      extra: 'SECRET-VALUE',
    })
    expect(errors.map(({ path }) => path).sort()).toEqual([
      'at',
      'extra',
      'kind',
      'list.1.n',
      'phone',
    ])
    expect(JSON.stringify(errors)).not.toContain('SECRET-VALUE')
  })

  test.each([undefined, null, 'text', []])('refuses %p at the root', (input) => {
    expect(errorsOf(input)).toMatchObject([{ path: '' }])
  })

  test('stops at 50 errors, and keeps each short', () => {
    const many = Array.from({ length: 1_000 }, () => 'x')
    expect(errorsOf(many, z.array(z.number()))).toHaveLength(50)
    const keys = Object.fromEntries(many.map((_, i) => [`${'k'.repeat(500)}${i}`, 1]))
    const errors = errorsOf(keys, z.strictObject({}))
    expect(errors).toHaveLength(50)
    expect(JSON.stringify(errors).length).toBeLessThan(20_000)
  })
})

test.each(Object.entries(PROBLEMS))(
  'the table gives %s an error status',
  (code, { status, title }) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
  },
)
