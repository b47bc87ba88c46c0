import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { CallbackOutcome } from '@sms-gateway/domain/callback-delivery'
import { type CallbackClient, createCallbackClient } from '../src/callback-client.ts'
import { createGuardedLookup, type Resolve } from '../src/guarded-connector.ts'
import { type Receiver, respond, startReceiver } from './receivers.ts'

/** Longer than any machine stands still. */
const PATIENCE_MS = 60_000

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function receive(answer: (socket: Socket) => void): Promise<Receiver> {
  const receiver = await startReceiver(answer)
  closers.push(() => receiver.close())
  return receiver
}

function createClient({
  allowedHosts = ['127.0.0.1'],
  resolve = () => Promise.reject(new Error('nothing is looked up here')),
  timeoutMs = PATIENCE_MS,
}: { allowedHosts?: string[]; resolve?: Resolve; timeoutMs?: number } = {}): CallbackClient {
  const client = createCallbackClient({ allowedHosts, resolve, timeoutMs })
  closers.push(() => client.close())
  return client
}

const BODY = '{"type":"message.sent"}'

async function post(
  answer: (socket: Socket) => void,
  { timeoutMs }: { timeoutMs?: number } = {},
): Promise<{ outcome: CallbackOutcome; receiver: Receiver }> {
  const receiver = await receive(answer)
  const url = `http://127.0.0.1:${receiver.port}/hook?token=1`
  const client = createClient({ ...(timeoutMs !== undefined && { timeoutMs }) })
  const outcome = await client.post({ url, headers: { 'webhook-id': 'e1' }, body: BODY })
  return { outcome, receiver }
}

describe('a receiver', () => {
  test('gets the body with the headers, once', async () => {
    const { outcome, receiver } = await post((socket) => respond(socket, '204 No Content'))
    expect(outcome).toEqual({ kind: 'delivered', status: 204 })
    expect(receiver.requests).toHaveLength(1)
    const [request] = receiver.requests
    expect(request).toMatch(/^POST \/hook\?token=1 HTTP\/1\.1\r\n/)
    expect(request).toMatch(/\r\ncontent-type: application\/json\r\n/)
    expect(request).toMatch(/\r\nwebhook-id: e1\r\n/)
    expect(request?.endsWith(`\r\n\r\n${BODY}`)).toBe(true)
  })

  test.each<[string, (socket: Socket) => void, CallbackOutcome]>([
    ['200 with a body', (s) => respond(s, '200 OK', 'thanks'), { kind: 'delivered', status: 200 }],
    ['500', (s) => respond(s, '500 Oops'), { kind: 'refused', status: 500 }],
    ['404', (s) => respond(s, '404 Not Found'), { kind: 'refused', status: 404 }],
    ['410', (s) => respond(s, '410 Gone'), { kind: 'gone', status: 410 }],
    [
      '429 with Retry-After',
      (s) => respond(s, '429 Slow\r\nretry-after: 7'),
      { kind: 'refused', status: 429, retryAfterMs: 7_000 },
    ],
    [
      '503 with Retry-After',
      (s) => respond(s, '503 Busy\r\nretry-after: 2'),
      { kind: 'refused', status: 503, retryAfterMs: 2_000 },
    ],
    [
      '500 with a Retry-After that means nothing',
      (s) => respond(s, '500 Oops\r\nretry-after: 7'),
      { kind: 'refused', status: 500 },
    ],
    ['a reset', (s) => s.resetAndDestroy(), { kind: 'unreachable', error: 'connection-lost' }],
    ['an end', (s) => s.end(), { kind: 'unreachable', error: 'connection-lost' }],
    [
      'noise',
      (s) => s.write('220 mail.example ESMTP\r\n'),
      { kind: 'unreachable', error: 'not-http' },
    ],
    [
      'a head that is too large',
      (s) => s.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`),
      { kind: 'unreachable', error: 'not-http' },
    ],
  ])('that answers with %s', async (_what, answer, outcome) => {
    expect((await post(answer)).outcome).toEqual(outcome)
  })

  test.each<[string, (socket: Socket) => void]>([
    ['nothing', () => undefined],
    ['half a head', (s) => s.write('HTTP/1.1 200')],
  ])('that answers with %s is given up', async (_what, answer) => {
    const { outcome } = await post(answer, { timeoutMs: 500 })
    expect(outcome).toEqual({ kind: 'unreachable', error: 'timeout' })
  })

  test('that redirects is not followed', async () => {
    const target = await receive((socket) => respond(socket, '200 OK'))
    const location = `http://127.0.0.1:${target.port}/`
    for (const status of [301, 302, 303, 307, 308]) {
      const { outcome } = await post((s) => respond(s, `${status} Moved\r\nlocation: ${location}`))
      expect(outcome).toEqual({ kind: 'refused', status })
    }
    expect(target.connections).toBe(0)
  })

  test('that never stops talking is cut off, and has answered', async () => {
    let written = 0
    let onClose: () => void = () => undefined
    const cutOff = new Promise<void>((resolve) => {
      onClose = resolve
    })
    const { outcome } = await post((socket) => {
      socket.once('close', onClose)
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
      const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`
      const talk = () => {
        if (socket.destroyed) return
        written += chunk.length
        socket.write(chunk, () => setImmediate(talk))
      }
      talk()
    })
    expect(outcome).toEqual({ kind: 'delivered', status: 200 })
    await cutOff
    // What the kernels' buffers take is beyond us.
    expect(written).toBeLessThan(16 * 1024 * 1024)
  })

  test('that trickles its body is not waited for', async () => {
    const { outcome } = await post((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nx')
    })
    expect(outcome).toEqual({ kind: 'delivered', status: 200 })
  })

  test('keeps its connection for the next', async () => {
    const receiver = await receive((socket) => respond(socket, '200 OK', 'ok'))
    const client = createClient()
    const url = `http://127.0.0.1:${receiver.port}/`
    for (let count = 0; count < 3; count++) await client.post({ url, headers: {}, body: BODY })
    expect(receiver.requests).toHaveLength(3)
    expect(receiver.connections).toBeLessThan(3)
  })

  test('where nobody listens', async () => {
    const receiver = await startReceiver(() => undefined)
    await receiver.close()
    const url = `http://127.0.0.1:${receiver.port}/`
    const outcome = await createClient().post({ url, headers: {}, body: BODY })
    expect(outcome).toEqual({ kind: 'unreachable', error: 'connection-refused' })
  })
})

describe('the guard', () => {
  const NOT_ALLOWED = { kind: 'unreachable', error: 'address-not-allowed' }
  const postTo = (url: string, options: Parameters<typeof createClient>[0]) =>
    createClient(options).post({ url, headers: {}, body: BODY })
  const always =
    (...addresses: string[]): Resolve =>
    () =>
      Promise.resolve(addresses)

  test('connects a name to the address that was looked up', async () => {
    const receiver = await receive((socket) => respond(socket, '200 OK'))
    const outcome = await postTo(`http://hooks.intern.example:${receiver.port}/`, {
      allowedHosts: ['hooks.intern.example'],
      resolve: always('127.0.0.1'),
    })
    expect(outcome).toEqual({ kind: 'delivered', status: 200 })
    expect(receiver.requests[0]).toContain(`host: hooks.intern.example:${receiver.port}`)
  })

  test.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['192.168.1.1'],
    ['100.64.0.1'],
    ['169.254.169.254'],
    ['0.0.0.0'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['fe80::1'],
    ['64:ff9b::7f00:1'],
    ['fd00:ec2::254'],
    ['8.8.8.8', '127.0.0.1'],
    ['2606:4700:4700::1111', '::1'],
  ])('does not call a public name that leads to %s', async (...addresses) => {
    const outcome = await postTo('https://rebound.example.tw/', { resolve: always(...addresses) })
    expect(outcome).toEqual(NOT_ALLOWED)
  })

  test('asks once for each connection, so that a name cannot lead elsewhere after it was checked', async () => {
    const receiver = await receive((socket) => {
      respond(socket, '200 OK\r\nconnection: close')
      socket.end()
    })
    const answers = [['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1']]
    let asked = 0
    const client = createClient({
      allowedHosts: ['rebound.intern.example'],
      resolve: () => Promise.resolve(answers[asked++] ?? []),
    })
    const call = () => {
      const url = `http://rebound.intern.example:${receiver.port}/`
      return client.post({ url, headers: {}, body: BODY })
    }
    expect(await call()).toEqual({ kind: 'delivered', status: 200 })
    expect(await call()).toEqual(NOT_ALLOWED)
    expect(await call()).toEqual({ kind: 'delivered', status: 200 })
    expect([asked, receiver.requests.length]).toEqual([3, 2])
  })

  test('hands the very addresses that it checked to the connection', async () => {
    const lookup = createGuardedLookup({
      resolve: always('8.8.8.8', '2606:4700:4700::1111'),
      allowedHosts: [],
    })
    const all = await new Promise((resolve) => {
      lookup('producer.example.tw', { all: true }, (_err, addresses) => resolve(addresses))
    })
    expect(all).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700:4700::1111', family: 6 },
    ])
    const first = await new Promise((resolve) => {
      lookup('producer.example.tw', {}, (_err, address, family) => resolve([address, family]))
    })
    expect(first).toEqual(['8.8.8.8', 4])
  })

  test('refuses what was registered under laxer rules', async () => {
    const receiver = await receive((socket) => respond(socket, '200 OK'))
    const url = `http://127.0.0.1:${receiver.port}/`
    expect(await postTo(url, { allowedHosts: [] })).toEqual(NOT_ALLOWED)
    expect(receiver.connections).toBe(0)
  })

  test('tells a name that does not resolve from one that leads astray', async () => {
    const notFound = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))
    const outcome = await postTo('https://nowhere.example.tw/', { resolve: notFound })
    expect(outcome).toEqual({ kind: 'unreachable', error: 'dns' })
    expect(await postTo('https://empty.example.tw/', { resolve: always() })).toEqual(NOT_ALLOWED)
  })
})
