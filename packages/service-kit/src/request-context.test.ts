import { EventEmitter, once } from 'node:events'
import { get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { createHttpApp } from './http-server.ts'
import { createLogger } from './logger.ts'
import { createRegistry } from './metrics.ts'
import { notFoundHandler, problemHandler } from './problem.ts'
import { requestContext } from './request-context.ts'

const lines: string[] = []
const registry = createRegistry()
const reached = new EventEmitter()
let server: TestServer
beforeAll(async () => {
  const logger = createLogger('test', 'debug', { write: (line) => lines.push(line) })
  const app = createHttpApp()
  app.use(requestContext(logger, registry))
  app.get('/opt-outs/:phone', (_req, res) => {
    res.json({})
  })
  app.get('/healthz', (_req, res) => {
    res.json({})
  })
  app.get('/slow', () => {
    reached.emit('slow')
  })
  app.use(notFoundHandler)
  app.use(problemHandler(logger))
  server = await openApp(app)
})
afterAll(() => server.close())
beforeEach(() => {
  lines.length = 0
})

async function findLine(): Promise<unknown> {
  for (let i = 0; i < 12_000 && lines.length === 0; i++) await delay(5)
  return JSON.parse(lines[0] ?? '{}')
}

test('logs one line a request: the template, never the number in the URL', async () => {
  const res = await fetch(`${server.url}/opt-outs/0912345678?phone=0912345678`)
  expect(await findLine()).toMatchObject({
    level: 30,
    msg: 'request',
    method: 'GET',
    route: '/opt-outs/:phone',
    status: 200,
    durationMs: expect.any(Number),
    requestId: res.headers.get('x-request-id'),
  })
  expect(lines).toHaveLength(1)
  expect(lines.join('')).not.toContain('0912345678')
})

test('logs the code of a refusal', async () => {
  await fetch(`${server.url}/0912345678`)
  expect(await findLine()).toMatchObject({
    route: 'unmatched',
    status: 404,
    code: 'route-not-found',
  })
  expect(lines).toHaveLength(1)
  expect(lines.join('')).not.toContain('0912345678')
})

test('is quiet about probes', async () => {
  await fetch(`${server.url}/healthz`)
  expect(await findLine()).toMatchObject({ level: 20, route: '/healthz' })
})

test('logs 499 when the caller hangs up', async () => {
  const isReached = once(reached, 'slow')
  const request = get(`${server.url}/slow`).on('error', () => undefined)
  await isReached
  request.destroy()
  expect(await findLine()).toMatchObject({ route: '/slow', status: 499 })
})

test.each(['abc-DEF_123', 'x'.repeat(64)])('keeps the request id %s', async (id) => {
  const res = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': id } })
  expect(res.headers.get('x-request-id')).toBe(id)
})

test.each(['x'.repeat(65), 'a b', '0912;drop', 'ä'])('replaces the request id %s', async (id) => {
  const res = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': id } })
  expect(res.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

test('observes the duration by method, template and status', async () => {
  await fetch(`${server.url}/opt-outs/1`)
  await findLine()
  expect(await registry.metrics()).toContain(
    'http_request_duration_seconds_count{method="GET",route="/opt-outs/:phone",status="200"}',
  )
})
