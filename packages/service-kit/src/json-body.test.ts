import { connect } from 'node:net'
import { fc, test as property } from '@fast-check/jest'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { checkJson, needsCheck } from './check-json.ts'
import { createHttpApp } from './http-server.ts'
import { jsonBody, rawBody } from './json-body.ts'
import { createLogger } from './logger.ts'
import { problemHandler } from './problem.ts'

const KIB = 1024
let server: TestServer
beforeAll(async () => {
  const app = createHttpApp()
  app.post('/json', jsonBody(), (req, res) => {
    res.json({ body: req.body })
  })
  app.post('/hurried', jsonBody({ limitMs: 50 }), (req, res) => {
    res.json({ body: req.body })
  })
  app.post('/raw', rawBody(64), (req, res) => {
    const bytes: unknown = req.body
    res.json({ hex: Buffer.isBuffer(bytes) && bytes.toString('hex') })
  })
  app.use(problemHandler(createLogger('test', 'silent')))
  server = await openApp(app)
})
afterAll(() => server.close())

const send = async (
  body: RequestInit['body'],
  { path = '/json', type = 'application/json', headers = {} } = {},
) => {
  const res = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    ...(body !== undefined && { body }),
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  })
  return { status: res.status, body: await res.json() }
}

const chunked = (bytes: number) =>
  new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < bytes; sent += KIB) controller.enqueue(new Uint8Array(KIB).fill(32))
      controller.close()
    },
  })

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('jsonBody', () => {
  test.each([
    '{"a":[1,"幸福氣 \\u5e78 😀 \\ud83d\\ude00"],"b":null}',
    '"a text"',
    nested(32),
    JSON.stringify(Array.from({ length: 10_000 }, () => ({ phone: '0912345678' }))).slice(0, -1) +
      ']',
  ])('gives what JSON.parse gives: %#', async (text) => {
    expect(await send(text)).toEqual({ status: 200, body: { body: JSON.parse(text) } })
  })

  test.each([
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json ; charset = utf8',
  ])('takes the type %s', async (type) => {
    expect((await send('{}', { type })).status).toBe(200)
  })

  test.each([
    ['text/plain', {}],
    ['application/json; charset=latin1', {}],
    ['application/jsonp', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('answers 415 to %s %p', async (type, headers) => {
    expect(await send('{}', { type, headers })).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    })
  })

  test('leaves it undefined where there is no body', async () => {
    expect(await send(undefined, { type: 'text/plain' })).toEqual({ status: 200, body: {} })
  })

  test.each([
    ['cut', '{"phone": "0912345678"'],
    ['empty, but announced', ' '],
    ['a raw NUL', '"\0"'],
    ['a wrong byte', new Uint8Array([0x22, 0xff, 0x22])],
    ['a surrogate in bytes', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['very deep and cut', '['.repeat(200_000)],
  ])('answers invalid-json and repeats nothing: %s', async (_name, text) => {
    const { status, body } = await send(text)
    expect([status, body]).toMatchObject([400, { code: 'invalid-json' }])
    expect(JSON.stringify(body)).not.toContain('0912')
  })

  test.each([
    ['NUL', '{"a":[{"b":"x\\u0000"}]}', 'a.0.b'],
    ['a high half', '{"a":"\\ud800"}', 'a'],
    ['a low half', '{"a":"\\udc00x"}', 'a'],
    ['halves in the wrong order', '["\\udc00\\ud800"]', '0'],
    ['NUL in a key', '{"a":{"\\u0000":1}}', 'a'],
    ['half in a key', '{"\\ud800":1}', ''],
    ['__proto__', '{"a":{"__proto__":{"admin":true}}}', 'a'],
    ['__proto__, escaped', '{"a":{"\\u005f_proto__":{"admin":true}}}', 'a'],
    ['33 levels', nested(33), Array.from({ length: 32 }, () => '0').join('.')],
    ['100,000 levels', nested(100_000), Array.from({ length: 32 }, () => '0').join('.')],
  ])('refuses %s and says where', async (_name, text, path) => {
    const { status, body } = await send(text)
    expect([status, body]).toMatchObject([400, { code: 'invalid-request', errors: [{ path }] }])
    expect(Object.prototype).not.toHaveProperty('admin')
  })

  test('names at most 50 places', async () => {
    const { body } = await send(JSON.stringify(Array.from({ length: 200 }, () => '\0')))
    expect(body).toMatchObject({ errors: { length: 50 } })
  })

  test.each([
    ['announced', 'x'.repeat(256 * KIB + 1)],
    ['chunked', chunked(1024 * KIB)],
  ])('answers 413 over 256 KiB: %s', async (_name, body) => {
    expect(await send(body)).toMatchObject({ status: 413, body: { code: 'body-too-large' } })
  })

  test('takes exactly the limit, chunked too', async () => {
    const text = JSON.stringify('x'.repeat(256 * KIB - 2))
    expect((await send(text)).status).toBe(200)
    expect(await send(chunked(256 * KIB))).toMatchObject({ body: { code: 'invalid-json' } })
  })

  test('survives callers that hang up in the middle', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        const head = 'POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
        socket.write(`${head}Content-Length: 100\r\n\r\n{"a"`, () => {
          socket.destroy()
          resolve()
        })
      })
    })
    expect((await send('{}')).status).toBe(200)
  })
})

describe('rawBody', () => {
  test('gives the bytes as they came, of any type', async () => {
    const body = new Uint8Array([0, 255, 10])
    expect(await send(body, { path: '/raw', type: 'x/y' })).toMatchObject({
      body: { hex: '00ff0a' },
    })
    expect(await send(undefined, { path: '/raw' })).toMatchObject({ body: { hex: '' } })
  })

  test('answers 413 over its limit', async () => {
    expect(await send('x'.repeat(65), { path: '/raw' })).toMatchObject({ status: 413 })
    expect(await send(chunked(KIB), { path: '/raw' })).toMatchObject({ status: 413 })
  })
})

property.prop([fc.jsonValue({ noUnicodeString: false })])(
  'what needs no check has nothing to find',
  (value) => {
    const text = JSON.stringify(value)
    if (!needsCheck(text)) expect(checkJson(JSON.parse(text))).toEqual([])
  },
)

test('refuses a body that drips, and closes the connection', async () => {
  const { port } = new URL(server.url)
  const socket = connect(Number(port), '127.0.0.1')
  const headers = 'host: a\r\ncontent-type: application/json\r\ncontent-length: 100'
  socket.write(`POST /hurried HTTP/1.1\r\n${headers}\r\n\r\n{`)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('The body did not arrive in time.')
})
