import { get, type IncomingMessage } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { type EventStream, openEventStream, toEvent } from './event-stream.ts'
import { closeServer, createHttpApp, listen } from './http-server.ts'

const opened: TestServer[] = []
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close()
})

async function openStream(options: Parameters<typeof openEventStream>[1]) {
  const app = createHttpApp()
  let stream: EventStream | undefined
  let closed = false
  app.get('/', (_req, res) => {
    stream = openEventStream(res, options)
    stream.onClose(() => (closed = true))
  })
  const server = await openApp(app)
  opened.push(server)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(server.url, { agent: false }, resolve).on('error', reject)
  })
  response.on('error', () => undefined)
  if (!stream) throw new Error('nothing was opened')
  return { stream, response, isClosed: () => closed }
}

test('an event is its lines, and an empty one', () => {
  expect(toEvent({ id: 'a-1', name: 'overview', data: '{"a":1}' })).toBe(
    'id: a-1\nevent: overview\ndata: {"a":1}\n\n',
  )
  expect(toEvent({ name: 'stale', data: '{}' })).toBe('event: stale\ndata: {}\n\n')
})

test('says in how long to come again, and now and then that it is there', async () => {
  const { response } = await openStream({ heartbeatMs: 5 })
  let text = ''
  for await (const part of response.setEncoding('utf8')) {
    text += String(part)
    if (text.includes('still here')) break
  }
  expect(text.startsWith('retry: 2000\n\n: still here\n\n')).toBe(true)
})

test('a reader that does not read is cut off, and what waits for it is let go', async () => {
  const { stream, response, isClosed } = await openStream({ maxWaitingBytes: 100_000 })
  response.pause()
  const event = toEvent({ name: 'overview', data: JSON.stringify('x'.repeat(50_000)) })
  let sent = 0
  // The system takes some megabytes before anything waits here.
  while (!isClosed() && sent < 2_000) {
    stream.send(event)
    sent++
    await turn()
  }
  expect({ isClosed: isClosed(), all: sent === 2_000 }).toEqual({ isClosed: true, all: false })
  stream.send(event)
  stream.end()
})

test('ends when its server closes, which does not wait for it', async () => {
  const app = createHttpApp()
  app.get('/', (_req, res) => {
    openEventStream(res)
  })
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const response = await fetch(`http://127.0.0.1:${port}`)
  // Far longer than the test may take: it does not wait for it.
  await closeServer(server, 600_000)
  expect(await response.text()).toBe('retry: 2000\n\n')
})
