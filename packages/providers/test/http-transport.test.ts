import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, expect, test } from '@jest/globals'
import { createHttpTransport, type Exchange, type HttpTransport } from '../src/http-transport.ts'
import { createCertificate } from './certificate.ts'
import { type RawServer, startRawServer, toAnswer } from './raw-server.ts'

const closers: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Longer than any machine stands still. */
const PATIENCE_MS = 60_000
const request = {
  method: 'POST',
  path: '/messages?a=1',
  headers: { 'content-type': 'text/plain' },
  body: 'hello',
} as const

async function serve(onData: (socket: Socket, received: string) => void): Promise<RawServer> {
  const server = await startRawServer(onData)
  closers.push(() => server.close())
  return server
}

function connect(baseUrl: string, connections = 2): HttpTransport {
  const transport = createHttpTransport({ baseUrl, connections })
  closers.push(() => transport.close())
  return transport
}

function ask(transport: HttpTransport, limits = {}): Promise<Exchange> {
  return transport.exchange(request, {
    signal: new AbortController().signal,
    timeoutMs: PATIENCE_MS,
    sendBy: performance.now() + PATIENCE_MS,
    ...limits,
  })
}

/** Given up after some time; again, with more, where this process was so slow that it was not written by then. */
async function askInVain(transport: HttpTransport): Promise<Exchange> {
  for (let timeoutMs = 100; ; timeoutMs *= 2) {
    const exchange = await ask(transport, { timeoutMs })
    if (exchange.kind === 'lost' || exchange.kind === 'answered') return exchange
  }
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await delay(5)
}

test('gives back a whole answer, and keeps the connection for the next one', async () => {
  const server = await serve((socket, received) => {
    if (received.endsWith('hello')) socket.write(toAnswer('done', '201 Created', 'x-a: 1\r\n'))
  })
  const transport = connect(`${server.url}/base/`, 1)
  const exchanges = await Promise.all(Array.from({ length: 5 }, () => ask(transport)))
  for (const exchange of exchanges) {
    expect(exchange).toMatchObject({ kind: 'answered', status: 201, headers: { 'x-a': '1' } })
    expect(exchange.kind === 'answered' && exchange.body.toString()).toBe('done')
  }
  expect(server.connections).toHaveLength(1)
  expect(server.received()).toContain('POST /base/messages?a=1 HTTP/1.1\r\n')
})

test('an answer in pieces is put together', async () => {
  const server = await serve((socket, received) => {
    if (!received.endsWith('hello')) return
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n')
    setTimeout(() => socket.write('abc'), 10)
    setTimeout(() => socket.write('def'), 30)
  })
  const exchange = await ask(connect(server.url))
  expect(exchange.kind === 'answered' && exchange.body.toString()).toBe('abcdef')
})

test('a connection that is refused is unreachable', async () => {
  const server = await startRawServer(() => undefined)
  await server.close()
  expect(await ask(connect(server.url))).toEqual({ kind: 'unreachable', code: 'ECONNREFUSED' })
})

test('a failed TLS handshake is unreachable', async () => {
  const server = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  const transport = connect(server.url.replace('http:', 'https:'))
  expect((await ask(transport)).kind).toBe('unreachable')
})

test('a certificate that nobody signed is unreachable', async () => {
  const server = createHttpsServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  expect((await ask(connect(`https://127.0.0.1:${port}`))).kind).toBe('unreachable')
})

test.each([
  ['closes without an answer', (socket: Socket) => socket.end()],
  ['resets', (socket: Socket) => socket.resetAndDestroy()],
  ['answers nonsense', (socket: Socket) => socket.write('nonsense\r\n\r\n')],
  [
    'closes in the middle of its answer',
    (socket: Socket) => socket.end('HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\nab'),
  ],
  [
    'answers more than the limit',
    (socket: Socket) => socket.write(toAnswer('x'.repeat(65 * 1024))),
  ],
])('a server that takes the request and %s leaves it lost', async (_, behave) => {
  const server = await serve((socket, received) => {
    if (received.endsWith('hello')) behave(socket)
  })
  expect((await ask(connect(server.url))).kind).toBe('lost')
  await delay(30)
  // Nothing is ever repeated.
  expect(server.received().match(/hello/g)).toHaveLength(1)
})

test('an answer slower than the limit is lost, and does not become the answer of the next', async () => {
  let isFirst = true
  const server = await serve((socket, received) => {
    if (!received.endsWith('hello') || isFirst) return
    for (const each of server.connections) if (each !== socket) each.write(toAnswer('late'))
    socket.write(toAnswer('own'))
  })
  const transport = connect(server.url, 1)
  expect(await askInVain(transport)).toEqual({ kind: 'lost', code: 'TIMEOUT' })
  isFirst = false
  const second = await ask(transport)
  expect(second.kind === 'answered' && second.body.toString()).toBe('own')
})

test('an answer that trickles is lost when the limit passes', async () => {
  const server = await serve((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n')
    const timer = setInterval(() => socket.write('x'), 20)
    socket.on('close', () => clearInterval(timer))
  })
  expect(await askInVain(connect(server.url))).toEqual({ kind: 'lost', code: 'TIMEOUT' })
})

test('after its moment has passed nothing is written', async () => {
  const server = await serve((socket) => socket.write(toAnswer('done')))
  const transport = connect(server.url)
  const late = { sendBy: performance.now() - 1 }
  expect(await ask(transport, late)).toEqual({ kind: 'unsent' })
  await delay(50)
  expect(server.received()).toBe('')
})

test('a process that stood still between the call and the write does not write', async () => {
  const server = await serve((socket) => socket.write(toAnswer('done')))
  const transport = connect(server.url)
  const exchange = ask(transport, { sendBy: performance.now() + 30 })
  const until = performance.now() + 60
  while (performance.now() < until);
  expect(await exchange).toEqual({ kind: 'unsent' })
  await delay(50)
  expect(server.received()).toBe('')
})

test('a request that waits for a free connection until its moment passes is unsent', async () => {
  const held: Socket[] = []
  const server = await serve((socket, received) => {
    if (received.endsWith('hello')) held.push(socket)
  })
  const transport = connect(server.url, 1)
  const first = ask(transport)
  await until(() => held.length === 1)
  const waiting = [1, 2, 3].map(() => ask(transport, { sendBy: performance.now() + 60 }))
  expect(await Promise.all(waiting)).toEqual([1, 2, 3].map(() => ({ kind: 'unsent' })))
  held[0]?.write(toAnswer('done'))
  expect((await first).kind).toBe('answered')
  // What was given up did not cost the connection, and is not written late.
  const next = ask(transport)
  await until(() => held.length > 1)
  held.at(-1)?.write(toAnswer('next'))
  expect((await next).kind).toBe('answered')
  expect(server.received().match(/hello/g)).toHaveLength(2)
  expect(server.connections).toHaveLength(1)
})

test('a host where no connection comes about is unreachable, not unsent', async () => {
  // The TLS handshake is never answered.
  const server = await serve(() => undefined)
  const baseUrl = server.url.replace('http:', 'https:')
  const transport = createHttpTransport({ baseUrl, connections: 1, connectTimeoutMs: PATIENCE_MS })
  closers.push(() => transport.close())
  // A process that finds out late knows no more than that it was late itself: it tries again.
  let exchange: Exchange = { kind: 'unsent' }
  for (let tries = 0; tries < 20 && exchange.kind === 'unsent'; tries++) {
    exchange = await ask(transport, { sendBy: performance.now() + 700 })
  }
  expect(exchange).toEqual({ kind: 'unreachable', code: 'CONNECT_TIMEOUT' })
  for (const socket of server.connections) socket.destroy()
})

test('called off before the write it is unsent, after it lost', async () => {
  const server = await serve(() => undefined)
  const transport = connect(server.url, 1)
  const early = AbortSignal.abort()
  expect(await ask(transport, { signal: early })).toEqual({ kind: 'unsent' })
  const controller = new AbortController()
  const first = ask(transport, { signal: controller.signal })
  const queued = ask(transport, { signal: controller.signal })
  await until(() => server.received().endsWith('hello'))
  controller.abort()
  expect(await first).toEqual({ kind: 'lost', code: 'ABORTED' })
  expect(await queued).toEqual({ kind: 'unsent' })
})

test('a connection that the server closed while it was idle is not written into', async () => {
  const server = await serve((socket, received) => {
    if (!received.endsWith('hello')) return
    socket.write(toAnswer('done'))
    setTimeout(() => socket.end(), 20)
  })
  const transport = connect(server.url, 1)
  expect((await ask(transport)).kind).toBe('answered')
  await until(() => server.connections[0]?.closed === true)
  expect((await ask(transport)).kind).toBe('answered')
  expect(server.connections).toHaveLength(2)
})

test('no more connections are open than allowed', async () => {
  let open = 0
  let most = 0
  const server = await serve((socket) => {
    open += 1
    most = Math.max(most, open)
    setTimeout(() => {
      open -= 1
      socket.write(toAnswer('done'))
    }, 10)
  })
  const transport = connect(server.url, 3)
  const exchanges = await Promise.all(Array.from({ length: 20 }, () => ask(transport)))
  expect(exchanges.every(({ kind }) => kind === 'answered')).toBe(true)
  expect(most).toBe(3)
})

test('a closed transport sends nothing', async () => {
  const server = await serve((socket) => socket.write(toAnswer('done')))
  const transport = createHttpTransport({ baseUrl: server.url, connections: 1 })
  await transport.close()
  expect(await ask(transport)).toEqual({ kind: 'unsent' })
  expect(server.received()).toBe('')
})

test.each([
  ['plain', false],
  ['TLS', true],
])(
  'a request given up ends in a reset over %s: no kernel goes on offering it',
  async (_, isSecure) => {
    const certificate = createCertificate()
    const ends: string[] = []
    let written = ''
    const watch = (socket: Socket) => {
      socket.on('data', (chunk: Buffer) => (written += chunk.toString()))
      socket.on('error', (error) => ends.push('code' in error ? String(error.code) : error.message))
      socket.on('end', () => ends.push('end'))
    }
    const server = isSecure ? createTlsServer(certificate, watch) : createServer(watch)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(async () => {
      server.close()
      await once(server, 'close')
    })
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const transport = createHttpTransport({
      baseUrl: `${isSecure ? 'https' : 'http'}://localhost:${port}`,
      connections: 1,
      ca: certificate.cert,
    })
    closers.push(() => transport.close())
    const controller = new AbortController()
    const exchange = ask(transport, { signal: controller.signal })
    await until(() => written.endsWith('hello'))
    controller.abort()
    expect(await exchange).toEqual({ kind: 'lost', code: 'ABORTED' })
    await until(() => ends.length > 0)
    expect(ends).toEqual(['ECONNRESET'])
  },
)
